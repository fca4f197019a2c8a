import { expect, describe, test } from 'vitest'
import type { ServerFrame } from '@concord/protocol'
import { brief, delta, type TestClient, World } from './testing/world.ts'

/** `count` operations of one unit each by one writer, from the state the document is in. */
async function write(client: TestClient, count: number, from = 0): Promise<void> {
  for (let i = from; i < from + count; i++) await client.commit(i + 1, i, delta(i, { insert: String.fromCharCode(97 + (i % 26)) }))
}

function opened(frames: readonly ServerFrame[]) {
  return frames.flatMap((frame) => (frame.kind === 'opened' ? [frame.opened] : []))
}

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

  test('R7 dedupe: what the table forgot is found in the log, wherever the client stands', async () => {
    const world = await World.start({ limits: { clientEntries: 1 } })
    const ada = await world.open('ada')
    await write(ada, 3)
    ada.handle.close()
    await world.runtime.advance(400_000)
    expect(brief((await world.open('bob')).frames)[0]).toBe('opened changes')
    await world.runtime.advance(400_000)
    const again = await world.open('ada', { clientId: ada.clientId, version: 3, epoch: 1, lastSeq: 3 })
    expect(again.opened).toMatchObject({ clientId: ada.clientId, lastSeq: 3, lastVersion: 3 })
  })

  test('R12 client id: another user cannot open with it', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    await expect(world.open('bob', { clientId: ada.clientId })).rejects.toThrow('CLIENT_ID_FOREIGN')
    await write(ada, 1)
    await expect(world.restart().open('bob', { clientId: ada.clientId })).rejects.toThrow('CLIENT_ID_FOREIGN')
  })

  test('R17 expiry: a client id that committed nothing before a restart is known again, bound to who asks', async () => {
    const world = await World.start()
    const ada = await world.open('ada')
    const second = world.restart()
    expect((await second.open('ada', { clientId: ada.clientId, lastSeq: 1 })).opened).toMatchObject({ clientId: ada.clientId, lastSeq: 0 })
    await expect(second.open('bob', { clientId: ada.clientId })).rejects.toThrow('CLIENT_ID_FOREIGN')
  })

  test.each(['ffffffff00000001', '0000000100000009', '0000000000000001', '0000000100000000'])('R12 client id: %s, which nobody gave out, is replaced', async (clientId) => {
    const world = await World.start()
    expect((await world.open('ada', { clientId })).opened.clientId).toBe('0000000100000001')
  })
})

test('R4 grouping: the window moves on while a page of the past is read, and no version is left out', async () => {
  const world = await World.start({ limits: { windowOperations: 10, batchOperations: 10, pageOperations: 7, composeFrom: 4 } })
  const ada = await world.open('ada')
  await write(ada, 30)
  const { opLog } = world.stores
  const read = opLog.read.bind(opLog)
  let more = 30
  opLog.read = async (...args) => {
    const page = await read(...args)
    if (more < 60) await write(ada, 5, more).then(() => (more += 5))
    return page
  }
  const bob = await world.open('bob', { lastSeq: 1 })
  for (let i = 0; i < 20; i++) await bob.read()
  let version = 0
  for (const frame of bob.frames.slice(1)) {
    if (frame.kind === 'composed') {
      expect(frame.composed.fromVersion).toBe(version)
      version = frame.composed.toVersion
    } else if (frame.kind === 'change') expect(frame.change.version).toBe(++version)
    else expect(frame.kind).toBe('opened')
  }
  expect(version).toBe(more)
})

test('R5 resync: a carrier that goes away while its session is opened again leaves nothing behind', async () => {
  const world = await World.start({ limits: { windowOperations: 10, batchOperations: 10 } })
  const [ada, bob] = [await world.open('ada'), await world.open('bob')]
  await world.stores.faults.unavailable('writes')
  bob.send(1, 0, delta(0, { insert: 'x' }))
  await world.settle()
  bob.handle.receive({ kind: 'progress', version: 0, hash: '00000000000000ff' })
  bob.handle.close()
  await world.stores.faults.unavailable('nothing')
  await world.runtime.advance(1_000)
  ada.handle.close()
  await world.runtime.advance(500_000)
  expect(world.runtime.timerCount).toBe(0)
})
