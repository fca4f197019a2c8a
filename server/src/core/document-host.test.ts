import { expect, describe, test } from 'vitest'
import type { ServerFrame } from '@concord/protocol'
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

describe('catching up', () => {
  test('R1 slot: every version once and in order, an ack in the place of what the client itself wrote', async () => {
    const world = await World.start()
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    await ada.commit(1, 0, delta(0, { insert: 'a' }))
    await bob.commit(1, 1, delta(1, { insert: 'b' }))
    await ada.commit(2, 2, delta(2, { insert: 'c' }))
    expect(brief(await ada.read())).toEqual(['ack 1@1', 'change 2', 'ack 2@3'])
    expect(brief(await bob.read())).toEqual(['change 1', 'ack 1@2', 'change 3'])
  })

  test("R4 grouping: one at a time through the client's own last commit, with its committed form, then one group", async () => {
    const world = await World.start({ limits: { composeFrom: 3 } })
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    await bob.commit(1, 0, delta(0, { insert: 'b' }))
    await ada.commit(1, 0, delta(0, { insert: 'a' }))
    for (let i = 2; i < 8; i++) await bob.commit(i, i, delta(i, { insert: '.' }))
    const again = await world.open('ada', { clientId: ada.clientId, lastSeq: 1 })
    expect(brief(again.frames)).toEqual(['opened changes', 'change 1', 'ack 1@2', 'composed 2-8'])
    const ack = again.frames[2]
    expect(ack?.kind === 'ack' && ack.ack.operation?.text).toBe('a')
    await bob.commit(8, 8, delta(8, { insert: '!' }))
    expect(brief(await again.read())).toEqual(['change 9'])
  })

  test('R4 grouping: a submit from inside the group is refused, and the client gets the content', async () => {
    const world = await World.start({ limits: { composeFrom: 3 } })
    const ada = await world.open('ada')
    await write(ada, 6)
    const bob = await world.open('bob', { lastSeq: 1 })
    expect(brief(bob.frames)).toEqual(['opened changes', 'composed 0-6'])
    bob.send(2, 3, delta(3, { insert: 'x' }))
    const frames = await bob.read()
    expect(brief(frames)).toEqual(['opened snapshot', 'snapshot 6'])
    expect(opened(frames)[0]).toMatchObject({ reason: 'diverged' })
    expect(world.count('divergence_total')).toBe(1)
  })

  test('R4 grouping: a group too large for a frame comes one version at a time', async () => {
    const world = await World.start({ limits: { composeFrom: 3, composeBytes: 100 } })
    const ada = await world.open('ada')
    await write(ada, 30)
    const bob = await world.open('bob', { lastSeq: 1 })
    expect(brief(bob.frames)).toHaveLength(31)
  })

  test('R6 content: cheaper than the changes, it comes in chunks that add up', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    await write(ada, 20)
    for (let i = 20; i < 40; i++) await ada.commit(i + 1, i, delta(40 - i, { delete: 1 }))
    const bob = await world.open('bob')
    expect(brief(bob.frames)).toEqual(['opened snapshot', 'snapshot 40'])
    expect(bob.frames[1]).toMatchObject({ snapshot: { offset: 0, total: 0, version: 40 } })
  })

  test('R6 content: a client that does not trust its own copy gets ours', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    await write(ada, 3)
    const bob = await world.open('bob', { version: 3, epoch: 1, snapshot: true })
    expect(brief(bob.frames)).toEqual(['opened snapshot', 'snapshot 3'])
    await ada.commit(4, 3, delta(3, { insert: '!' }))
    expect(brief(await bob.read())).toEqual(['change 4'])
  })

  test('the past is read from the log in pages, and the window takes over', async () => {
    const world = await World.start({ limits: { windowOperations: 10, batchOperations: 10, pageOperations: 7, composeFrom: 1_000 } })
    const ada = await world.open('ada')
    await write(ada, 50)
    const bob = await world.open('bob', { lastSeq: 1 })
    expect(brief(bob.frames)).toEqual(['opened changes', ...Array.from({ length: 50 }, (_, i) => `change ${i + 1}`)])
    await ada.commit(51, 50, delta(50, { insert: '!' }))
    expect(brief(await bob.read())).toEqual(['change 51'])
  })

  test('R5 resync: a reader that falls out of the window is opened again in its stream, from where it was', async () => {
    const world = await World.start({ limits: { windowOperations: 10, batchOperations: 10, composeFrom: 5 } })
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    await write(ada, 5)
    expect(brief(await bob.read())).toHaveLength(5)
    await write(ada, 30, 5)
    const frames = await bob.read()
    expect(brief(frames)).toEqual(['opened changes', 'composed 5-35'])
    expect(opened(frames)[0]).toMatchObject({ reason: 'slow_reader', clientId: bob.clientId, head: 35 })
    expect(opened(frames)[0]?.session).not.toBe(bob.session)
    bob.send(1, 35, delta(35, { insert: 'x' }))
    expect(brief(await bob.read())).toEqual([])
    expect(bob.handle.ended).toBeUndefined()
    bob.opened = opened(frames)[0]!
    bob.send(2, 35, delta(35, { insert: 'y' }))
    expect(brief(await bob.read())).toEqual(['ack 2@36'])
  })

  test('a reader that never pulls costs no memory but its cursor', async () => {
    const world = await World.start({ limits: { windowOperations: 10, batchOperations: 10 } })
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    const before = bob.wakes
    await write(ada, 40)
    expect(bob.wakes).toBe(before + 1)
  })

  test('a pull stops at about its bytes and the reader is woken for the rest', async () => {
    const world = await World.start()
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    await write(ada, 20)
    const wakes = bob.wakes
    const first = bob.handle.pull(1)
    expect(first).toHaveLength(1)
    await world.settle()
    expect(bob.wakes).toBe(wakes + 1)
    expect(brief(await bob.read())).toHaveLength(19)
  })

  test('changes are encoded once: every reader gets the same frame', async () => {
    const world = await World.start()
    const [ada, bob, vic] = [await world.open('ada'), await world.open('bob'), await world.open('vic')]
    await ada.commit(1, 0, delta(0, { insert: 'a' }))
    const [[one], [two]] = [bob.handle.pull(1_000), vic.handle.pull(1_000)]
    expect(one).toBe(two)
  })
})

describe('R15', () => {
  test.each([
    ['a version above the head', { version: 9, epoch: 1 }],
    ['an epoch that did not write the version', { version: 2, epoch: 7 }],
  ])('R15 ancestry: %s is another history: the client gets the content', async (_, place) => {
    const world = await World.start()
    const ada = await world.open('ada')
    await write(ada, 3)
    const bob = await world.open('bob', place)
    expect(brief(bob.frames)).toEqual(['opened snapshot', 'snapshot 3'])
    expect(world.count('history_forked_total')).toBe(1)
  })

  test('R15 ancestry: a version of an earlier epoch is known after restarts', async () => {
    const world = await World.start()
    await write(await world.open('ada'), 2)
    const second = world.restart()
    await write(await second.open('bob'), 2, 2)
    const third = second.restart()
    const vic = await third.open('vic', { version: 1, epoch: 1, lastSeq: 1 })
    expect(brief(vic.frames)).toEqual(['opened changes', 'change 2', 'change 3', 'change 4'])
    const again = await third.open('vic', { version: 3, epoch: 2, lastSeq: 1 })
    expect(brief(again.frames)).toEqual(['opened changes', 'change 4'])
  })
})

describe('R7 R12 R17 after a restart', () => {
  test('R7 dedupe: the last commit of a client id is known again, from the log and from a snapshot', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    await write(ada, 3)
    const second = world.restart()
    expect((await second.open('ada', { clientId: ada.clientId, version: 3, epoch: 1, lastSeq: 3 })).opened).toMatchObject({ clientId: ada.clientId, lastSeq: 3, lastVersion: 3 })
    await second.finish(second.server.close())
    expect(world.data.snapshots.size).toBe(1)
    const third = second.restart()
    expect((await third.open('ada', { clientId: ada.clientId, version: 3, epoch: 1, lastSeq: 3 })).opened).toMatchObject({ lastSeq: 3, lastVersion: 3 })
  })

  test('R7 dedupe: what the table forgot is found in the log above the version of the client', async () => {
    const world = await World.start({ limits: { clientEntries: 1 } })
    const ada = await world.open('ada')
    await write(ada, 3)
    ada.handle.close()
    await world.runtime.advance(400_000)
    expect(brief((await world.open('bob')).frames)[0]).toBe('opened changes')
    await world.runtime.advance(400_000)
    const again = await world.open('ada', { clientId: ada.clientId, version: 1, epoch: 1, lastSeq: 3 })
    expect(again.opened).toMatchObject({ clientId: ada.clientId, lastSeq: 3, lastVersion: 3 })
  })

  test('R12 client id: another user cannot open with it', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    await expect(world.open('bob', { clientId: ada.clientId })).rejects.toThrow('CLIENT_ID_FOREIGN')
    await write(ada, 1)
    await expect(world.restart().open('bob', { clientId: ada.clientId })).rejects.toThrow('CLIENT_ID_FOREIGN')
  })

  test('R17 expiry: a client id that nobody knows gets a new one in its place', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    const again = await world.restart().open('ada', { clientId: ada.clientId, lastSeq: 1 })
    expect(again.opened.clientId).not.toBe(ada.clientId)
    expect(again.opened.lastSeq).toBe(0)
    const made = await world.restart().open('ada', { clientId: 'ffffffff00000001' })
    expect(made.opened.clientId).not.toBe('ffffffff00000001')
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
