import { expect, describe, test } from 'vitest'
import type { ServerFrame } from '@concord/protocol'
import { LogDamaged } from '../ports/index.ts'
import { brief, delta, DOC, NAME, person, TestClient, World } from './testing/world.ts'

/** `count` operations of one unit each by one writer, from the state the document is in. */
async function write(client: TestClient, count: number, from = 0): Promise<void> {
  for (let i = from; i < from + count; i++) await client.commit(i + 1, i, delta(i, { insert: String.fromCharCode(97 + (i % 26)) }))
}

function opened(frames: readonly ServerFrame[]) {
  return frames.flatMap((frame) => (frame.kind === 'opened' ? [frame.opened] : []))
}

describe('durability', () => {
  test('nothing is acknowledged, shown or read before the log has it', async () => {
    const world = await World.start()
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    await world.stores.faults.unavailable('writes')
    ada.send(1, 0, delta(0, { insert: 'x' }))
    expect(brief(await ada.read())).toEqual(['notice degradation'])
    expect(brief(await bob.read())).toEqual(['notice degradation'])
    await world.stores.faults.unavailable('nothing')
    await world.runtime.advance(1_000)
    expect(brief(await ada.read())).toEqual(['notice degradation', 'ack 1@1'])
    expect(brief(await bob.read())).toEqual(['notice degradation', 'change 1'])
  })

  test('a store that stays away ends sessions with UNAVAILABLE, and the document recovers', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    await world.stores.faults.unavailable('everything')
    ada.send(1, 0, delta(0, { insert: 'x' }))
    await world.runtime.advance(10_000)
    expect(ada.handle.ended).toMatchObject({ reason: 'STORAGE_UNAVAILABLE', retryAfterMs: 1_000 })
    await expect(world.open('ada')).rejects.toThrow('STORAGE_UNAVAILABLE')
    await world.stores.faults.unavailable('nothing')
    const again = await world.open('ada', { clientId: ada.clientId })
    expect(again.opened).toMatchObject({ head: 0, lastSeq: 0 })
    expect(await again.submit(1, 0, delta(0, { insert: 'x' }))).toMatchObject({ kind: 'ack' })
  })

  test.each(['applied', 'lost'] as const)('an append with unknown outcome, %s: a new epoch reads the log and only then answers', async (outcome) => {
    const world = await World.start()
    const ada = await world.open('ada')
    const bob = await world.open('bob')
    await world.stores.faults.nextAppend(outcome)
    const decision = await ada.submit(1, 0, delta(0, { insert: 'x' }))
    if (outcome === 'applied') expect(decision).toMatchObject({ kind: 'ack', ack: { seq: 1, version: 1 } })
    else expect(decision).toMatchObject({ kind: 'failure', error: { reason: 'OWNER_MOVED' } })
    expect(bob.handle.ended).toMatchObject({ reason: 'OWNER_MOVED' })
    const again = await world.open('ada', { clientId: ada.clientId, lastSeq: 1 })
    const isKnown = outcome === 'applied'
    expect(again.opened.epoch).toBeGreaterThan(ada.opened.epoch)
    expect(again.opened).toMatchObject({ head: isKnown ? 1 : 0, lastSeq: isKnown ? 1 : 0, lastVersion: isKnown ? 1 : 0 })
  })

  test('a fenced append: sessions end with OWNER_MOVED, and nothing of it is in the log', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    await world.stores.opLog.claim(DOC, 'somebody else')
    ada.send(1, 0, delta(0, { insert: 'x' }))
    await ada.read()
    expect(ada.handle.ended).toMatchObject({ reason: 'OWNER_MOVED' })
    expect(await world.stores.opLog.head(DOC)).toMatchObject({ version: 0 })
  })
})

describe('R2', () => {
  test('R2 session: an open waits for an append that holds a submit of the older session, and reports it', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    await world.stores.faults.unavailable('writes')
    ada.send(1, 0, delta(0, { insert: 'x' }))
    await world.settle()
    const again = new TestClient(world, person('ada'))
    let isOpen = false
    const opening = again.open({ clientId: ada.clientId, lastSeq: 1 }).then(() => (isOpen = true))
    await world.settle()
    expect([isOpen, ada.handle.ended]).toMatchObject([false, { reason: 'SESSION_REPLACED' }])
    await world.stores.faults.unavailable('nothing')
    await world.runtime.advance(1_000)
    await world.settle()
    await opening
    expect(again.opened).toMatchObject({ lastSeq: 1, lastVersion: 1, head: 1 })
  })

  test('R2 session: a second session of the same client id replaces the first, others stay', async () => {
    const world = await World.start()
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    await world.open('ada', { clientId: ada.clientId })
    expect(ada.handle.ended).toMatchObject({ reason: 'SESSION_REPLACED' })
    expect(bob.handle.ended).toBeUndefined()
    expect(await ada.submit(1, 0, delta(0, { insert: 'x' }))).toMatchObject({ kind: 'failure', error: { reason: 'SESSION_REPLACED' } })
  })

  test('R2 session: a submit that waits for its rate dies with its session', async () => {
    const world = await World.start({ limits: { sessionOperationsPerSecond: 1 } })
    const ada = await world.open('ada')
    await ada.commit(1, 0, delta(0, { insert: 'a' }))
    ada.send(2, 1, delta(1, { insert: 'b' }))
    await world.settle()
    const again = await world.open('ada', { clientId: ada.clientId, version: 1, epoch: 1, lastSeq: 2 })
    expect(again.opened.lastSeq).toBe(1)
    await world.runtime.advance(5_000)
    expect(await world.text()).toBe('a')
  })

  test('R2 session: a session without a carrier still takes unary submits, until its client opens again', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    ada.handle.close()
    ada.handle.close()
    expect(await ada.submit(1, 0, delta(0, { insert: 'x' }))).toMatchObject({ kind: 'ack' })
    await world.open('ada', { clientId: ada.clientId })
    expect(await ada.submit(2, 1, delta(1, { insert: 'x' }))).toMatchObject({ kind: 'failure', error: { reason: 'SESSION_REPLACED' } })
  })

  test('R2 session: a new epoch knows no sessions', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    const next = world.restart()
    await next.open('bob')
    const decision = await next.finish(next.server.sessions.submit(person('ada'), NAME, ada.submitOf(1, 0, delta(0, { insert: 'x' }))))
    expect(decision).toMatchObject({ kind: 'failure', error: { reason: 'SESSION_UNKNOWN' } })
  })
})

describe('snapshots', () => {
  test('one is due after many operations; loading begins from it', async () => {
    const world = await World.start({ limits: { snapshotOperations: 10 } })
    await write(await world.open('ada'), 12)
    const [stored] = world.data.snapshots.get('local/notes') ?? []
    expect(stored).toMatchObject({ version: 11, length: 11 })
    expect(await world.restart().text()).toBe('lkjihgfedcba')
  })

  test('a bad one is passed over, said aloud, and written anew', async () => {
    const world = await World.start({ limits: { snapshotOperations: 10 } })
    await write(await world.open('ada'), 12)
    world.data.damageSnapshot(DOC, 11)
    const next = world.restart()
    expect(await next.text()).toBe('lkjihgfedcba')
    expect(next.telemetry.lines.join()).toContain('a snapshot is bad')
    await next.settle()
    expect(world.data.snapshots.get('local/notes')?.at(-1)).toMatchObject({ version: 12 })
  })

  test('a damaged log sets the document aside, and only it', async () => {
    const world = await World.start()
    await write(await world.open('ada'), 3)
    const { records } = world.data.log(DOC)
    records[1] = { ...records[1]!, bytes: records[1]!.bytes.subarray(3) }
    const next = world.restart()
    await expect(next.open('ada')).rejects.toThrow('DATA_LOSS')
    await next.stores.documents.create({ tenant: 'local', id: 'other' }, { title: '', type: 'text', creator: 'ada', at: 1 })
    expect(brief((await next.open('ada', { document: 'documents/other' })).frames)).toEqual(['opened changes'])
  })

  test('a row that the store itself finds broken is damage too, not a store that is away', async () => {
    const world = await World.start()
    await write(await world.open('ada'), 3)
    const next = world.restart()
    next.stores.opLog.read = () => Promise.reject(new LogDamaged('the checksum fails', 2))
    await expect(next.open('ada')).rejects.toThrow('DATA_LOSS')
    expect(next.telemetry.lines.join()).toContain('row 2: the checksum fails')
  })
})

describe('life', () => {
  test('many opens of a cold document claim it once', async () => {
    const world = await World.start()
    const opens = await world.finish(Promise.all(['ada', 'bob', 'vic'].map((user) => world.server.sessions.open(person(user), { document: NAME, version: 0, epoch: 0, lastSeq: 0, sdk: '', features: [], snapshot: false, algorithms: [] }, () => undefined))))
    expect(opens.map(({ kind }) => kind)).toEqual(['session', 'session', 'session'])
    expect(await world.stores.opLog.head(DOC)).toMatchObject({ epoch: 1 })
  })

  test('an idle document is unloaded with a snapshot, and no timer is left', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    await write(ada, 2)
    ada.handle.close()
    await world.runtime.advance(200_000)
    expect(world.data.snapshots.get('local/notes')).toMatchObject([{ version: 2 }])
    expect(world.runtime.timerCount).toBe(0)
    expect(await world.text()).toBe('ba')
    expect(await world.stores.opLog.head(DOC)).toMatchObject({ epoch: 2 })
  })

  test('closing: clients are told, what is under way is acknowledged, the content is in a snapshot', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    ada.send(1, 0, delta(0, { insert: 'x' }))
    await world.finish(world.server.close())
    expect(brief(await ada.read())).toEqual(['notice drain'])
    expect(ada.handle.ended).toMatchObject({ reason: 'DRAINING' })
    expect(world.data.snapshots.get('local/notes')).toMatchObject([{ version: 1 }])
    await expect(world.open('bob')).rejects.toThrow('DRAINING')
  })

  test('closing does not wait for ever for a store that does not answer', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    await world.stores.faults.unavailable('everything')
    ada.send(1, 0, delta(0, { insert: 'x' }))
    await world.settle()
    const closing = world.server.close()
    await world.runtime.advance(11_000)
    await closing
    expect(ada.handle.ended).toMatchObject({ reason: expect.stringMatching(/DRAINING|STORAGE_UNAVAILABLE/) as string })
  })
})

describe('divergence', () => {
  test('R16 hash: a client that reports another hash gets the content again, and it is counted', async () => {
    const world = await World.start()
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    await write(ada, 3)
    await bob.read()
    bob.handle.receive({ kind: 'progress', version: 3, hash: '00000000000000ff' })
    const frames = await bob.read()
    expect(brief(frames)).toEqual(['opened snapshot', 'snapshot 3'])
    expect(opened(frames)[0]).toMatchObject({ reason: 'diverged' })
    expect(world.count('divergence_total')).toBe(1)
  })

  test('R16 hash: readers of a document in which nothing changes are told its hash once more, and again when somebody comes; then idle sessions can end', async () => {
    const world = await World.start({ limits: { idleMarkMs: 30_000 } })
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    await write(ada, 1)
    await world.runtime.advance(10_000)
    await bob.read()
    await world.runtime.advance(61_000)
    expect((await bob.read()).map(({ kind }) => kind)).toEqual(['mark'])
    await world.open('vic')
    await world.runtime.advance(61_000)
    expect((await bob.read()).map(({ kind }) => kind)).toEqual(['mark'])
  })

  test('R1 slot: a mark follows also when the last change carried the hash: a reader who lost just that one learns of it', async () => {
    const world = await World.start({ limits: { hashOperations: 1 } })
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    await bob.read()
    await ada.commit(1, 0, delta(0, { insert: 'x' }))
    const [change] = await bob.read()
    expect(change?.kind === 'change' && change.change.hash !== undefined).toBe(true)
    await world.runtime.advance(4_000)
    expect((await bob.read()).map(({ kind }) => kind)).toEqual(['mark'])
    await world.runtime.advance(10_000)
    expect(await bob.read()).toEqual([])
  })

  test('R16 hash: a mark tells the hash when changes stop, once', async () => {
    const world = await World.start()
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    await write(ada, 3)
    await bob.read()
    await world.runtime.advance(4_000)
    const [mark, ...rest] = await bob.read()
    expect(rest).toEqual([])
    const state = await world.finish(world.server.access.read(DOC))
    expect(mark).toEqual({ kind: 'mark', version: 3, hash: state.kind === 'state' ? state.hash : '' })
    bob.handle.receive({ kind: 'progress', version: 3, hash: mark?.kind === 'mark' ? mark.hash : '' })
    await world.runtime.advance(4_000)
    expect(await bob.read()).toEqual([])
  })
})
