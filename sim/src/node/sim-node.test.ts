import { Malformed } from '@concord/protocol'
import { createDocumentCodec } from '@concord/server/compose'
import { describe, expect, test } from 'vitest'
import { Fold } from '../checkers/kit/fold.ts'
import { Cluster } from './testing/cluster.ts'

const COSTS = { connect: 1, open: 5, submit: 2, frame: 1, 'shared-frame': 1, presence: 1, close: 1 }

test('a seeded document loads in the real server, its content equal to the fold of its log', async () => {
  const cluster = new Cluster({ units: 150_001 })
  const ada = cluster.join('ada', cluster.a)
  await cluster.run(2_000)
  const fold = new Fold()
  const { changeOf } = createDocumentCodec()
  for (const row of cluster.log()) {
    const change = changeOf(row)
    if (change instanceof Malformed) throw new Error(change.message)
    fold.apply(change.operation)
  }
  expect(cluster.log()).toHaveLength(5)
  expect(fold.length).toBe(150_001)
  expect(ada.document!.text.toString()).toBe(fold.text())
  cluster.type(ada, '!')
  await cluster.run(1_000)
  expect(cluster.wrong()).toEqual([])
  expect(cluster.log().at(-1)).toMatchObject({ version: 6, epoch: 2, userId: 'ada' })
})

test('ten million units are seeded and opened', async () => {
  const cluster = new Cluster({ units: 10_000_000 })
  const ada = cluster.join('ada', cluster.a)
  await cluster.run(30_000)
  expect(ada.document!.text.length).toBe(10_000_000)
  cluster.type(ada, '!')
  await cluster.run(1_000)
  expect(cluster.log().at(-1)).toMatchObject({ userId: 'ada' })
})

describe('a node', () => {
  test('dies once per generation, and mourners hear of theirs alone', async () => {
    const { a } = new Cluster()
    const heard: number[] = []
    a.onDeath(() => heard.push(1))
    a.kill()
    a.kill()
    expect([a.hubs, a.isReady, a.process.state]).toEqual([undefined, false, 'down'])
    a.start()
    a.onDeath(() => heard.push(2))
    a.start()
    a.kill()
    expect(heard).toEqual([1, 2])
  })

  test('counts what its server counts, over all its generations', async () => {
    const cluster = new Cluster()
    const heard: number[] = []
    cluster.on('counted', ({ node, metric, by }) => void (node === 'a' && metric === 'operations_total' && heard.push(by)))
    const ada = cluster.join('ada', cluster.a)
    await cluster.run(1_000)
    cluster.type(ada, 'x')
    await cluster.run(1_000)
    cluster.a.kill()
    cluster.a.start()
    await cluster.run(5_000)
    cluster.type(ada, 'y')
    await cluster.run(1_000)
    expect(heard).toEqual([1, 1])
    expect(cluster.a.counts.get('operations_total')).toBe(2)
  })

  test('says how full its server is when something grew', async () => {
    const cluster = new Cluster()
    const heard: string[] = []
    cluster.on('queue', ({ node, what, length, limit }) => void heard.push(`${node}: ${length} of ${limit} ${what}`))
    const ada = cluster.join('ada', cluster.a)
    for (let i = 0; i < 5; i += 1) {
      await cluster.run(1_000)
      cluster.type(ada, 'x')
    }
    await cluster.run(1_000)
    const kept = heard.filter((line) => line.endsWith('changes kept for readers'))
    expect(kept.slice(-2)).toEqual(['a: 4 of 1000 changes kept for readers', 'a: 5 of 1000 changes kept for readers'])
    expect(new Set(heard).size).toBe(heard.length)
  })

  test('its wall clock is off as planned and jumps; durations are not concerned', async () => {
    const cluster = new Cluster()
    const ada = cluster.join('ada', cluster.a)
    cluster.a.clock(-3_600_000)
    await cluster.run(1_000)
    cluster.type(ada, 'x')
    await cluster.run(1_000)
    expect(cluster.log()[0]!.at).toBeLessThan(cluster.time.wall - 3_600_000)
    expect(cluster.log()[0]!.at).toBeGreaterThan(cluster.time.wall - 3_603_000)
  })

  test('its one processor does one thing after the other, slower when it is slow', async () => {
    const { a, time, run } = bound(new Cluster({ costs: COSTS }))
    const done: string[] = []
    const note = (what: string) => (): void => void done.push(`${what} ${time.now}`)
    a.charge('open', note('open'))
    a.charge('submit', note('submit'))
    a.slow(3)
    a.charge('submit', note('submit'))
    expect([done.length, a.queued]).toEqual([0, 3])
    await run(30)
    expect(done).toEqual(['open 5', 'submit 11', 'submit 17'])
    expect(a.busyMs).toBe(17)
    a.charge('open', note('never'))
    a.kill()
    await run(100)
    expect(done).toHaveLength(3)
  })

  test('without costs work takes no time, but a paused node does none', async () => {
    const { a, run } = bound(new Cluster())
    const done: string[] = []
    a.charge('open', () => done.push('at once'))
    expect(done).toEqual(['at once'])
    a.pause()
    a.charge('open', () => done.push('later'))
    await run(100)
    expect(done).toHaveLength(1)
    a.resume()
    await run(1)
    expect(done).toEqual(['at once', 'later'])
  })

  test('its sessions hear of a role and of a deletion', async () => {
    const cluster = new Cluster()
    const [ada, bob] = [cluster.join('ada', cluster.a), cluster.join('bob', cluster.a)]
    await cluster.run(1_000)
    cluster.storage.grant('shared', 'ada', 'viewer')
    cluster.a.roleChanged('shared', 'ada')
    cluster.storage.grant('shared', 'bob', undefined)
    cluster.a.roleChanged('shared', 'bob')
    await cluster.run(1_000)
    expect(ada.document!.status.canEdit).toBe(false)
    expect(bob.document!.status.error).toMatchObject({ reason: 'DOCUMENT_NOT_FOUND' })
    cluster.storage.delete('shared')
    cluster.a.deleted('shared')
    await cluster.run(1_000)
    expect(ada.document!.status.error).toMatchObject({ reason: 'DOCUMENT_NOT_FOUND' })
  })

  test('killed while it drains it is simply dead, and starts anew', async () => {
    const cluster = new Cluster({ limits: { drainMs: 1_000 } })
    const ada = cluster.join('ada', cluster.a)
    await cluster.run(1_000)
    cluster.a.drain()
    cluster.a.drain()
    await cluster.run(500)
    cluster.a.kill()
    cluster.a.start()
    expect(cluster.a.isReady).toBe(true)
    cluster.type(ada, 'x')
    await cluster.run(20_000)
    expect(cluster.a.process.state).toBe('up')
    expect(cluster.log()).toHaveLength(1)
  })
})

/** A cluster whose `run` can be taken out of it. */
function bound(cluster: Cluster) {
  return { a: cluster.a, time: cluster.time, run: (ms: number): Promise<void> => cluster.run(ms) }
}
