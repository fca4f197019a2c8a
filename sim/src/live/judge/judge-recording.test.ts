import type { LogRecord } from '@concord/server/ports'
import { expect, test } from 'vitest'
import { acked, ADA, BOB, change, changed, opened, recordOf, submit } from '../../checkers/testing/scene.ts'
import type { ServerFrame } from '@concord/protocol'
import { JudgedRecording, type LiveFindings } from './judge-recording.ts'
import type { Recorded } from './recording.ts'
import { planWith } from '../testing/plan-with.ts'

const plan = planWith({ events: [], endMs: 1_000, editors: 2 })

function received(at: number, who: 1 | 2, frame: ServerFrame): Recorded {
  return { at, kind: 'received', seen: { actor: `editors/${who}`, node: 'n1', frame } }
}

function begun(who: 1 | 2): Recorded {
  return received(1, who, opened({ clientId: who === 1 ? ADA : BOB, userId: `editor-${who}` }))
}

function judged(entries: readonly Recorded[], log: readonly LogRecord[], more: Partial<LiveFindings> = {}) {
  const found = new JudgedRecording({ plan, entries, replicas: [], logs: new Map([['paper', log]]), heads: new Map(), endedAt: 1_000, ...more })
  return { found, said: found.violations.map(({ checker }) => checker) }
}

const X = change(1, 0, '+x', { clientId: ADA, userId: 'editor-1' })
const ROW = recordOf(X, 1)
const SENT: Recorded = { at: 10, kind: 'sent', seen: { actor: 'editors/1', frame: { kind: 'submit', submit: submit(1, 0, 0, '+x') } } }

test('what happened is judged with the log of the end, and measured from submit to ack and to change', () => {
  const { found, said } = judged([begun(1), begun(2), SENT, received(25, 2, changed(X)), received(40, 1, acked(1, 1))], [ROW])
  expect(said).toEqual([])
  const { ack, visible } = found.statistics.overall()
  expect(ack).toMatchObject({ samples: 1 })
  expect(ack?.p50).toBeCloseTo(30, -1)
  // The change came before the ack did: its submit is found by the row all the same.
  expect(visible?.p50).toBeCloseTo(15, 0)
  expect(found.owners.spans()).toMatchObject([{ document: 'paper', node: 'n1', epoch: 1, fromMs: 25, committed: 1 }])
})

test('an ack whose operation is not in the log is found', () => {
  expect(judged([begun(1), SENT, received(40, 1, acked(1, 1))], []).said).toContain('ack is durable')
})

test('a change that says something else than the log is found', () => {
  const other = changed(change(1, 0, '+y', { clientId: ADA, userId: 'editor-1' }))
  expect(judged([begun(2), received(20, 2, other)], [ROW]).said).toContain('one content')
})

test('a version that comes twice is found', () => {
  expect(judged([begun(2), received(20, 2, changed(X)), received(21, 2, changed(X))], [ROW]).said).toContain('stream slots')
})

test('what was typed and is not in the log is found', () => {
  const typed: Recorded = { at: 5, kind: 'typed', seen: { actor: 'editors/1', added: new Set(['q']), removed: new Set() } }
  expect(judged([typed], [ROW]).said).toEqual(['typed text'])
})

test('a replica that shows something else than the log is found, and one that never came to rest', () => {
  const document = { status: { connection: 'online' as const, pending: 0, error: undefined }, version: 1, text: 'z', content: { runs: () => [{ insert: 'z', attributes: [] }] }, pendingOperation: undefined }
  const replica = { actor: 'editors/1', user: 'editor-1', documentId: 'paper', document, expected: true }
  expect(judged([], [ROW], { replicas: [replica] }).said).toEqual(['replicas equal'])
  const late = { ...document, status: { ...document.status, connection: 'offline' as const }, content: { runs: () => [{ insert: 'x', attributes: [] }] } }
  expect(judged([], [ROW], { replicas: [{ ...replica, document: late }] }).said).toEqual(['online again'])
})

test('what is committed after a client was told that it is not is found', () => {
  const again = received(60, 1, opened({ clientId: ADA, userId: 'editor-1', lastSeq: 0, head: 0 }))
  expect(judged([begun(1), SENT, again, received(80, 2, changed(X))], [ROW]).said).toContain('fates are sealed')
})

test('checkers that cannot see enough are left out instead of passing', () => {
  const names = judged([], []).found.outcomes.map(({ name }) => name)
  expect(names).toContain('replicas equal')
  expect(names).not.toContain('one writer')
  expect(names).not.toContain('bounded buffers')
})

test('rows that were there before the run are no operations of it', () => {
  const { found } = judged([received(1, 1, opened({ clientId: ADA, userId: 'editor-1', head: 1, lastSeq: 0 }))], [ROW], { heads: new Map([['paper', 1]]) })
  expect(found.statistics.committed).toBe(0)
})
