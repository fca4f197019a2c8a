import { describe, expect, test } from 'vitest'
import { aRecord } from '@concord/server/contract/harness'
import { type AppendOutcome, StorageUnavailable } from '@concord/server/ports'
import type { Observations } from '../checkers/checker.ts'
import { KeyedRandom } from '../kernel/keyed-random.ts'
import { Process } from '../kernel/process.ts'
import { VirtualTime } from '../kernel/virtual-time.ts'
import { Observers } from '../run/watch/observers.ts'
import { identityOf, tokenOf } from './sim-authenticator.ts'
import { keyOf, SimStorage } from './sim-storage.ts'
import type { StorageBugs } from './storage-bugs.ts'
import { STORE_TIMEOUT_MS } from './store-path.ts'

const DOC = keyOf('notes')

/** A store with two nodes, and what became of what was asked of it. */
class Scene {
  readonly time: VirtualTime
  readonly storage: SimStorage
  readonly a: Process
  readonly b: Process
  readonly cutOff = new Set<string>()
  readonly appended: Observations['appended'][] = []

  constructor({ seed = 1, delayMs = 10, bugs = {} }: { seed?: number; delayMs?: number; bugs?: StorageBugs } = {}) {
    const observers = new Observers()
    observers.add({ appended: (seen) => void this.appended.push(seen) })
    this.time = new VirtualTime(seed)
    this.storage = new SimStorage({ time: this.time, random: new KeyedRandom(seed, 'storage'), model: { delayMs }, emit: observers.emit, blocked: (node) => this.cutOff.has(node), bugs })
    this.a = new Process(this.time, 'a')
    this.b = new Process(this.time, 'b')
    this.a.start()
    this.b.start()
    this.storage.create({ id: 'notes', units: 0 })
  }

  /** Asks, and lets `ms` pass. */
  async ask<T>(promise: Promise<T>, ms = 10_000): Promise<T | 'pending' | StorageUnavailable> {
    let answer: T | 'pending' | StorageUnavailable = 'pending'
    promise.then((value) => (answer = value), (error: StorageUnavailable) => (answer = error))
    await this.run(ms)
    return answer
  }

  async run(ms: number): Promise<void> {
    await this.time.runUntil(this.time.now + ms)
  }

  /** One row under a new epoch of `a`. */
  async claimed(): Promise<number> {
    const claim = await this.ask(this.storage.view(this.a).opLog.claim(DOC, 'a'))
    if (claim === 'pending' || claim instanceof Error) throw new Error('the claim failed')
    return claim.epoch
  }

  append(epoch: number, head = 0, node = this.a): Promise<AppendOutcome> {
    return this.storage.view(node).opLog.append(DOC, epoch, head, [aRecord(head + 1, epoch)])
  }

  get rows(): number {
    return this.storage.log('notes').length
  }
}

describe('the way to the stores', () => {
  test('a call takes from 0 to twice the delay, and its effect lies in between', async () => {
    const scene = new Scene()
    const { documents } = scene.storage.view(scene.a)
    const took: number[] = []
    for (let i = 0; i < 200; i += 1) {
      const begun = scene.time.now
      void documents.get(DOC).then(() => took.push(scene.time.now - begun))
      await scene.run(50)
    }
    expect(took).toHaveLength(200)
    expect(Math.min(...took)).toBeGreaterThan(0)
    expect(Math.max(...took)).toBeLessThanOrEqual(20)
    expect(took.reduce((sum, ms) => sum + ms) / 200).toBeCloseTo(10, -1)
  })

  test('what a node asked for before it died takes effect, and it never hears of it', async () => {
    const outcomes = new Set<string>()
    for (let seed = 1; seed <= 20; seed += 1) {
      const scene = new Scene({ seed })
      const epoch = await scene.claimed()
      const answer = scene.ask(scene.append(epoch))
      scene.a.kill()
      outcomes.add(`${await answer} ${scene.rows}`)
    }
    expect(outcomes).toEqual(new Set(['pending 1']))
  })

  test('a paused node hears when it goes on, a node that was started anew does not', async () => {
    const scene = new Scene()
    const epoch = await scene.claimed()
    const first = scene.append(epoch)
    scene.a.pause()
    expect(await scene.ask(first)).toBe('pending')
    expect(scene.rows).toBe(1)
    scene.a.resume()
    expect(await scene.ask(first)).toBe('committed')
    const second = scene.append(epoch, 1)
    scene.a.kill()
    scene.a.start()
    expect(await scene.ask(second)).toBe('pending')
  })

  test('from behind a partition nothing happens, and after a while the call fails', async () => {
    const scene = new Scene()
    const epoch = await scene.claimed()
    scene.cutOff.add('a')
    expect(await scene.ask(scene.append(epoch), STORE_TIMEOUT_MS - 1)).toBe('pending')
    expect(await scene.ask(scene.append(epoch))).toBeInstanceOf(StorageUnavailable)
    expect([scene.rows, scene.appended.length]).toEqual([0, 0])
    expect(await scene.ask(scene.storage.view(scene.b).opLog.head(DOC))).toEqual({ epoch, version: 0 })
  })

  test('an append that a partition cuts off in the middle is unknown, applied or not; anything else is unavailable', async () => {
    const seen = new Set<string>()
    for (let seed = 1; seed <= 40; seed += 1) {
      const scene = new Scene({ seed })
      const epoch = await scene.claimed()
      const asked = Promise.allSettled([scene.append(epoch), scene.storage.view(scene.a).documents.get(DOC)])
      scene.cutOff.add('a')
      const [append, read] = (await scene.ask(asked)) as PromiseSettledResult<unknown>[]
      seen.add(`${append!.status === 'fulfilled' ? String(append!.value) : 'rejected'} ${scene.rows}`)
      expect(read).toMatchObject({ status: 'rejected', reason: expect.any(StorageUnavailable) as unknown })
    }
    expect(seen).toEqual(new Set(['unknown 0', 'unknown 1']))
  })
})

describe('faults', () => {
  test('each concerns one node or all, and heals', async () => {
    const { storage, a, b, ask } = bound(new Scene())
    const [first, second] = [storage.view(a), storage.view(b)]
    storage.unavailable('everything', 'a')
    expect(await ask(first.documents.get(DOC))).toBeInstanceOf(StorageUnavailable)
    expect(await ask(second.documents.get(DOC))).toMatchObject({ title: 'notes' })
    storage.unavailable('writes')
    expect(await ask(first.documents.get(DOC))).toMatchObject({ title: 'notes' })
    expect(await ask(second.opLog.claim(DOC, 'b'))).toBeInstanceOf(StorageUnavailable)
    storage.permissions(false)
    expect(await ask(second.documents.role(DOC, 'root'))).toBeInstanceOf(StorageUnavailable)
    expect(await ask(second.documents.grants(DOC))).toBeInstanceOf(StorageUnavailable)
    storage.slow(60_000, 'b')
    expect(await ask(second.documents.get(DOC))).toBe('pending')
    storage.heal()
    expect(await ask(second.opLog.claim(DOC, 'b'))).toEqual({ epoch: 1, head: 0 })
    expect(await ask(second.documents.role(DOC, 'root'))).toBe('owner')
  })

  test.each([['applied', 1], ['lost', 0]] as const)('an append in doubt that was %s: the store says what it did at the moment it did it', async (outcome, rows) => {
    const scene = new Scene()
    const epoch = await scene.claimed()
    scene.storage.ambiguous(outcome, 'b')
    scene.storage.ambiguous(outcome)
    expect(await scene.ask(scene.append(epoch))).toBe('unknown')
    expect(scene.rows).toBe(rows)
    expect(scene.appended).toMatchObject([{ node: 'a', document: 'notes', epoch, expectedHead: 0, outcome: 'unknown' }])
    expect(await scene.ask(scene.append(epoch, rows))).toBe('committed')
  })

  test('while its keys are away a node knows the tokens it has seen', async () => {
    const { storage, a, ask } = bound(new Scene())
    const { authenticator } = storage.view(a)
    expect(await ask(authenticator.verify(tokenOf('ada'), 5))).toEqual(identityOf('ada'))
    storage.keys(false)
    expect(await ask(authenticator.verify(tokenOf('ada'), 5))).toEqual(identityOf('ada'))
    expect(await ask(authenticator.verify(tokenOf('bob'), 5))).toMatchObject({ reason: 'TOKEN_INVALID' })
    storage.keys(true)
    expect(await ask(authenticator.verify(tokenOf('bob', 10), 9))).toEqual(identityOf('bob', 10))
    expect(await ask(authenticator.verify(tokenOf('bob', 10), 10))).toMatchObject({ reason: 'TOKEN_EXPIRED' })
    for (const token of ['', 'ada', 'user:', 'user:a b']) expect(await ask(authenticator.verify(token, 5))).toMatchObject({ kind: 'failure' })
  })

  test('a log loses its tail with the snapshots of it, and a snapshot a bit', async () => {
    const { storage, a, ask } = bound(new Scene())
    storage.create({ id: 'long', units: 100_000 })
    const { snapshots, opLog } = storage.view(a)
    expect(storage.log('long')).toHaveLength(4)
    expect(storage.flipBit('long')).toBe(4)
    expect(await ask(snapshots.latest(keyOf('long'), 99))).toEqual({ corrupt: 4 })
    storage.loseTail('long', 1)
    expect(await ask(snapshots.latest(keyOf('long'), 99))).toBeUndefined()
    expect(await ask(opLog.head(keyOf('long')))).toEqual({ epoch: 1, version: 3 })
    storage.loseTail('long', 99)
    expect(await ask(opLog.epochStarts(keyOf('long')))).toEqual([])
    expect(storage.flipBit('notes')).toBeUndefined()
  })
})

describe('planted bugs', () => {
  test('without a fence two epochs write one version', async () => {
    const scene = new Scene({ bugs: { fenceOff: true } })
    const old = await scene.claimed()
    const epoch = await scene.claimed()
    expect(await scene.ask(scene.append(epoch))).toBe('committed')
    expect(await scene.ask(scene.append(old))).toBe('committed')
    expect(scene.storage.log('notes').map((row) => row.epoch)).toEqual([old])
  })

  test('appends get lost and are answered all the same', async () => {
    const scene = new Scene({ bugs: { lostAppend: true } })
    const epoch = await scene.claimed()
    let committed = 0
    while (committed === scene.rows) if ((await scene.ask(scene.append(epoch, scene.rows))) === 'committed') committed += 1
    expect(committed).toBe(scene.rows + 1)
  })

  test('heads and pages are older than they should be', async () => {
    const { storage, a, ask } = bound(new Scene({ bugs: { staleRead: true } }))
    storage.create({ id: 'long', units: 100_000 })
    const { opLog } = storage.view(a)
    const [heads, pages] = [new Set<number>(), new Set<number>()]
    for (let i = 0; i < 300; i += 1) {
      heads.add(((await ask(opLog.head(keyOf('long')), 100)) as { version: number }).version)
      pages.add(((await ask(opLog.read(keyOf('long'), 0, 99, 1e9), 100)) as readonly unknown[]).length)
    }
    expect([heads, pages]).toEqual([new Set([4, 3, 2, 1]), new Set([4, 3, 2, 1])])
  })
})

test('a document that is seeded twice, or after edits, is refused', () => {
  const { storage } = new Scene()
  storage.seed('notes', 10)
  expect(() => storage.seed('notes', 10)).toThrow('local/notes has a history already')
})

/** A scene whose `ask` can be taken out of it. */
function bound(scene: Scene) {
  const ask = <T>(promise: Promise<T>, ms?: number): Promise<T | 'pending' | StorageUnavailable> => scene.ask(promise, ms)
  return { storage: scene.storage, a: scene.a, b: scene.b, ask }
}
