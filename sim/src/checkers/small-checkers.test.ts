import { describe, expect, test } from 'vitest'
import { bounded } from './session/bounded.ts'
import { counters } from './end/counters.ts'
import { hostile } from './access/hostile.ts'
import { leaks } from './session/leaks.ts'
import { liveSessions } from './session/live-sessions.ts'
import { plannedOnly } from './session/planned-only.ts'
import { actor, change, Scene, submit } from './testing/scene.ts'
import { undoCleared } from './session/undo-cleared.ts'

test('bounded buffers: a queue at its limit is silent, above it is told', () => {
  const queue = (length: number): string[] => new Scene(bounded).see('queue', { node: 'n1', what: 'frames', length, limit: 10 }).violations
  expect(queue(10)).toEqual([])
  expect(queue(11)).toEqual(['more frames wait than may'])
})

test('R17: an owner that forgets a live session is told; calls beside a stream and hostile hands are left out', () => {
  const ended = (who: Parameters<typeof actor>[1], reason: string): string[] => new Scene(liveSessions, { actors: [actor('ada', who)] }).see('ended', { actor: 'ada', node: 'n1', reason }).violations
  expect(ended({}, 'OWNER_MOVED')).toEqual([])
  expect(ended({ unary: true }, 'SESSION_UNKNOWN')).toEqual([])
  expect(ended({ kind: 'hostile' }, 'SESSION_UNKNOWN')).toEqual([])
  expect(ended({}, 'SESSION_UNKNOWN')).toEqual(['an owner forgot a live session (R17)'])
})

test('refusals planned: only what nothing planned is told, once for each kind', () => {
  const scene = new Scene(plannedOnly, { actors: [actor('ada')] })
  scene.see('rejected', { actor: 'ada', reason: 'ROLE_REQUIRED', planned: true, mayUndo: false }).see('stranded', { actor: 'ada', reason: 'STALE_DEVICE', planned: true })
  scene.see('diverged', { actor: 'ada', version: 1, reason: 'hash', planned: true }).see('closed', { actor: 'ada', reason: 'DOCUMENT_NOT_FOUND', planned: true })
  expect(scene.violations).toEqual([])
  for (const version of [1, 2]) scene.see('diverged', { actor: 'ada', version, reason: 'hash', planned: false })
  scene.see('rejected', { actor: 'ada', reason: 'OPERATION_EMPTY', planned: false, mayUndo: false }).see('closed', { actor: 'ada', reason: 'INTERNAL', planned: false })
  scene.see('stranded', { actor: 'ada', reason: 'OUTCOME_UNKNOWN', planned: false })
  expect(scene.violations).toHaveLength(4)
})

test('R9: undo over a refused edit is told', () => {
  const rejected = (mayUndo: boolean): string[] => new Scene(undoCleared).see('rejected', { actor: 'ada', reason: 'ROLE_REQUIRED', planned: true, mayUndo }).violations
  expect(rejected(false)).toEqual([])
  expect(rejected(true)).toHaveLength(1)
})

describe('counters', () => {
  test('a number that was used twice, a fork and a divergence are told', () => {
    const counted = { seq_reused_total: 1, history_forked_total: 2, divergence_total: 1 }
    expect(new Scene(counters, { actors: [actor('ada')] }).finish({ counted }).violations).toHaveLength(3)
    expect(new Scene(counters, { actors: [actor('ada')], expect: { mayLoseTail: true } }).finish({ counted }).violations).toHaveLength(1)
  })

  test('what was planned is silent', () => {
    const events = [{ id: 'e1', at: 0, kind: 'corrupt', actor: 'ada' }] as const
    expect(new Scene(counters, { actors: [actor('ada')], events }).finish({ counted: { divergence_total: 1, rejects_total: 9 } }).violations).toEqual([])
    expect(new Scene(counters, { actors: [actor('eve', { kind: 'hostile' })] }).finish({ counted: { seq_reused_total: 1 } }).violations).toEqual([])
  })
})

describe('hostile messages', () => {
  const eve = actor('eve', { kind: 'hostile' })
  const attacked = (reason: string): Scene =>
    new Scene(hostile, { actors: [eve] }).see('answered', { actor: 'eve', trick: 'lower seq', reason, expected: ['SEQ_REUSED'], submit: submit(2, 0, 0, '+x') })

  test('the answer that the contract names is silent, another one is told', () => {
    expect(attacked('SEQ_REUSED').finish().violations).toEqual([])
    expect(attacked('ack').finish().violations).toEqual(['the trick "lower seq" was answered by ack'])
  })

  test('a refused message that is in the log all the same is told', () => {
    expect(attacked('SEQ_REUSED').commit(change(1, 0, '+x'), { seq: 2 }).finish().violations).toEqual(['a message that was refused is in the log'])
    expect(attacked('SEQ_REUSED').commit(change(1, 0, '+good'), { seq: 2 }).finish().violations).toEqual([])
  })
})

test('no leaks: sessions beyond the replicas are told', () => {
  const replica = { actor: 'ada', user: 'ada', documentId: 'notes', document: undefined, expected: true }
  expect(new Scene(leaks).finish({ replicas: [replica], sessions: 0 }).violations).toEqual([])
  expect(new Scene(leaks).finish({ replicas: [replica], sessions: 1 }).violations).toHaveLength(1)
  expect(new Scene(leaks).finish({ replicas: [replica] }).violations).toEqual([])
})
