import { expect, test } from 'vitest'
import { PERFECT } from '../../plan/link-model.ts'
import type { Plan } from '../../plan/plan.ts'
import { Observers } from './observers.ts'
import { Statistics } from './statistics.ts'

const PLAN: Plan = {
  format: 1,
  scenario: 'statistics',
  title: 'Two people',
  seed: 1,
  level: 'message',
  world: { nodes: [], documents: [], actors: [], links: { perfect: PERFECT }, storage: { delayMs: 0 }, limitPreset: 'default', limits: {}, cpu: false, route: 'first' },
  events: [],
  endMs: 1_000,
  healMs: 1_000,
  expect: { levels: [], seen: [], mayLoseTail: false },
  bugs: [],
}

function scene() {
  const clock = { now: 0 }
  const statistics = new Statistics(PLAN, () => clock.now, () => 'doc')
  const observers = new Observers()
  observers.add(statistics.observe)
  const at = (ms: number) => ((clock.now = ms), observers)
  return { statistics, at }
}

const OPENED = { clientId: 'c1', session: 's', epoch: 1, head: 0, lastSeq: 0, lastVersion: 0, resume: 'changes', role: 'editor', userId: 'u', userOrdinal: 1, durability: 'local', algorithm: 1, documentType: 'text', title: '', submitWindow: 1 } as const
const OPERATION = { baseLength: 0, components: [], text: '', attributes: [], embeds: [], keys: [] }

test('ack and visible begin when a submit first leaves; catch-up is no news', () => {
  const { statistics, at } = scene()
  at(0).emit('received', { actor: 'ada', node: 'n', frame: { kind: 'opened', opened: OPENED } })
  at(0).emit('received', { actor: 'bob', node: 'n', frame: { kind: 'opened', opened: { ...OPENED, clientId: 'c2' } } })
  at(0).emit('received', { actor: 'late', node: 'n', frame: { kind: 'opened', opened: { ...OPENED, clientId: 'c3', head: 1 } } })
  const submit = { session: 's', clientId: 'c1', seq: 1, baseVersion: 0, operation: OPERATION }
  at(100).emit('sent', { actor: 'ada', frame: { kind: 'submit', submit } })
  at(105).emit('sent', { actor: 'ada', frame: { kind: 'submit', submit } })
  const record = { version: 1, epoch: 1, clientId: 'c1', clientSeq: 1, userId: 'u', at: 0, baseVersion: 0, algorithm: 1, format: 1, bytes: new Uint8Array() }
  at(110).emit('appended', { node: 'n', document: 'doc', epoch: 1, expectedHead: 0, records: [record], outcome: 'committed' })
  const change = { version: 1, epoch: 1, author: { userId: 'u', userOrdinal: 1, clientId: 'c1' }, operation: OPERATION, at: 0 }
  for (const actor of ['bob', 'late']) at(130).emit('received', { actor, node: 'n', frame: { kind: 'change', change } })
  at(150).emit('received', { actor: 'ada', node: 'n', frame: { kind: 'ack', ack: { seq: 1, version: 1, epoch: 1, durability: 'local', at: 0 } } })
  expect(statistics.outcome({ series: 'ack', percentile: 50, atMostMs: 51 })).toMatchObject({ samples: 1, met: true })
  expect(statistics.outcome({ series: 'ack', percentile: 50, atMostMs: 45 })).toMatchObject({ met: false })
  expect(statistics.outcome({ series: 'visible', percentile: 99, atMostMs: 31 })).toMatchObject({ samples: 1, met: true })
  expect(statistics.outcome({ series: 'visible', percentile: 99, atMostMs: 31, fromMs: 500 })).toMatchObject({ samples: 0, met: false })
  expect(statistics).toMatchObject({ acknowledged: 1, committed: 1 })
})

test('a session that is lost and found again is a reconnect; one that left is none', () => {
  const { statistics, at } = scene()
  for (const actor of ['ada', 'bob']) {
    at(0).emit('received', { actor, node: 'n', frame: { kind: 'opened', opened: OPENED } })
    at(100).emit('ended', { actor, node: 'n', reason: 'UNREACHABLE' })
  }
  statistics.left('bob')
  for (const actor of ['ada', 'bob']) at(400).emit('received', { actor, node: 'n', frame: { kind: 'opened', opened: OPENED } })
  expect(statistics.reconnects).toBe(1)
  expect(statistics.outcome({ series: 'reconnect', percentile: 99, atMostMs: 307 })).toMatchObject({ samples: 1, met: true })
  expect(statistics.series({}).connections.at(-1)).toBe(2)
})

test('who had no network reconnects from the moment it is there again', () => {
  const { statistics, at } = scene()
  at(0).emit('received', { actor: 'ada', node: 'n', frame: { kind: 'opened', opened: OPENED } })
  at(100).emit('ended', { actor: 'ada', node: 'n', reason: 'UNREACHABLE' })
  at(900)
  statistics.reachable('ada')
  at(1_000).emit('received', { actor: 'ada', node: 'n', frame: { kind: 'opened', opened: OPENED } })
  expect(statistics.outcome({ series: 'reconnect', percentile: 99, atMostMs: 103 })).toMatchObject({ samples: 1, met: true })
})

test('a step shows the most that waited in it, the quiet steps after it the last', () => {
  const { statistics, at } = scene()
  for (const [ms, pending] of [[10, 3], [20, 9], [30, 1]] as const) at(ms).emit('status', { actor: 'ada', connection: 'online', pending })
  at(350)
  expect(statistics.series({}).pending).toEqual([9, 1, 1, 1])
})
