import { describe, expect, test } from 'vitest'
import { Cluster, type ClusterActor } from './testing/cluster.ts'

/** Everybody types a character of his own about every 50 ms. */
async function typing(cluster: Cluster, ms: number, actors: readonly ClusterActor[] = cluster.actors): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    for (const actor of actors) if (actor.document?.status.error === undefined) cluster.type(actor, actor.name[0]!)
    await cluster.run(50)
  }
}

/** Nobody is torn apart from the others, and every character typed is there once. */
async function atRest(cluster: Cluster, ms = 20_000): Promise<void> {
  await cluster.run(ms)
  expect(cluster.wrong()).toEqual([])
  expect(cluster.texts()).toHaveLength(1)
  for (const { document } of cluster.actors) expect(document!.status).toMatchObject({ connection: 'online', pending: 0 })
}

function characters(text: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const character of text) counts[character] = (counts[character] ?? 0) + 1
  return counts
}

const seeds = Array.from({ length: 5 }, (_, index) => index + 1)

describe('two real servers on one log', () => {
  test.each(seeds)('the owner dies with edits under way, its clients go on at the other: nothing lost, nothing twice (seed %i)', async (seed) => {
    const cluster = new Cluster({ seed, delayMs: 20 })
    const [ada, bob] = [cluster.join('ada', cluster.a), cluster.join('bob', cluster.a)]
    await cluster.run(1_000)
    await typing(cluster, 1_000 + seed * 7)
    cluster.a.kill()
    await typing(cluster, 2_000)
    cluster.a.start()
    await typing(cluster, 500)
    await atRest(cluster)
    const typed = (3_500 + seed * 7) / 50
    expect(characters(cluster.texts()[0]!)).toEqual({ a: Math.ceil(typed), b: Math.ceil(typed) })
    expect(ada.acks.length + bob.acks.length).toBe(cluster.log().length)
    expect(new Set(cluster.claims.map(({ node }) => node))).toEqual(new Set(['a', 'b']))
  })

  test.each(seeds)('an owner that was paused is fenced at its next append, and its clients move over (seed %i)', async (seed) => {
    const cluster = new Cluster({ seed })
    const [ada, bob] = [cluster.join('ada', cluster.a), cluster.join('bob', cluster.a)]
    await cluster.run(1_000)
    await typing(cluster, 500)
    cluster.type(ada, 'a')
    await cluster.run(seed * 5)
    cluster.a.pause()
    bob.home = cluster.b
    bob.link.cut()
    await cluster.run(3_000)
    await typing(cluster, 1_000, [bob])
    cluster.a.resume()
    ada.home = cluster.b
    await typing(cluster, 1_000)
    await atRest(cluster)
    expect(cluster.appends.some(({ node, outcome }) => node === 'a' && outcome === 'fenced')).toBe(true)
    expect(ada.ends).toContain('OWNER_MOVED')
    expect(cluster.claims.at(-1)!.node).toBe('b')
    expect(characters(cluster.texts()[0]!)).toEqual({ a: 10 + 1 + 20, b: 10 + 20 + 20 })
  })

  test('readers of a fenced owner find their way, although they never write', async () => {
    const cluster = new Cluster()
    const [ada, bob] = [cluster.join('ada', cluster.b), cluster.join('reader', cluster.a)]
    await cluster.run(1_000)
    await typing(cluster, 200, [ada])
    bob.home = cluster.b
    await cluster.run(7_000)
    expect(bob.document!.text.toString()).toBe('aaaa')
    expect(bob.ends).toContain('OWNER_MOVED')
    await atRest(cluster)
  })

  test.each(seeds)('people of one document on two servers get on in turns instead of fencing each other at every edit (seed %i)', async (seed) => {
    const cluster = new Cluster({ seed })
    const [ada, bob] = [cluster.join('ada', cluster.a), cluster.join('bob', cluster.b)]
    await cluster.run(1_000)
    await typing(cluster, 60_000)
    expect(cluster.claims.length).toBeLessThan(24)
    expect([ada.acks.length, bob.acks.length].every((acks) => acks > 50)).toBe(true)
    ada.home = cluster.b
    ada.link.cut()
    await atRest(cluster, 60_000)
    expect(characters(cluster.texts()[0]!)).toEqual({ a: 1_200, b: 1_200 })
  })

  test.each(seeds)('an owner that the store cannot be reached from: what was cut off is settled by the next owner (seed %i)', async (seed) => {
    const cluster = new Cluster({ seed, delayMs: 20 })
    const ada = cluster.join('ada', cluster.a)
    await cluster.run(1_000)
    await typing(cluster, 400 + seed * 11)
    cluster.cutOff.add('a')
    await typing(cluster, 1_000)
    ada.home = cluster.b
    ada.link.cut()
    await typing(cluster, 5_000)
    cluster.cutOff.delete('a')
    await atRest(cluster)
    expect(characters(cluster.texts()[0]!)).toEqual({ a: ada.document!.text.length })
    expect(ada.document!.text.length).toBe(Math.ceil((400 + seed * 11) / 50) + 120)
  })

  test('a drain loses nothing and leaves a snapshot', async () => {
    const cluster = new Cluster({ limits: { drainMs: 3_000 } })
    const ada = cluster.join('ada', cluster.a)
    await cluster.run(1_000)
    await typing(cluster, 500)
    cluster.a.drain()
    expect(cluster.a.isReady).toBe(false)
    ada.home = cluster.b
    await typing(cluster, 5_000)
    expect(cluster.a.process.state).toBe('down')
    cluster.a.start()
    await atRest(cluster)
    expect(characters(cluster.texts()[0]!)).toEqual({ a: 110 })
    expect(cluster.storage.data.snapshots.size).toBe(1)
  })

  test('both servers run the same way twice', async () => {
    const hashes: string[] = []
    for (let round = 0; round < 2; round += 1) {
      const cluster = new Cluster({ seed: 5 })
      cluster.join('ada', cluster.a)
      cluster.join('bob', cluster.b)
      await cluster.run(1_000)
      await typing(cluster, 5_000)
      cluster.a.kill()
      await typing(cluster, 1_000)
      hashes.push(cluster.trace.hash())
    }
    expect(hashes[0]).toBe(hashes[1])
  })
})
