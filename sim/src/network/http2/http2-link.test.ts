import { createHash } from 'node:crypto'
import type { ServerPresence } from '@concord/protocol'
import { expect, test, vi } from 'vitest'
import { PERFECT } from '../../plan/link-model.ts'
import { DOCUMENT } from '../testing/local-node.ts'
import { type Http2Actor, type Http2Scene, type Http2SceneOptions, playing } from './testing/http2-scene.ts'
import { WireEnd } from './wire-end.ts'

/** Type of the frame that says goodbye (RFC 9113, 6.8). */
const GOAWAY = 7

const MOBILE = { delayMs: 40, delayP99Ms: 200 }

function type({ document }: Http2Actor, text: string): void {
  document!.text.insert(document!.text.length, text)
}

/** Two who are in, on a mobile network. */
function two(play: (ada: Http2Actor, bob: Http2Actor, scene: Http2Scene) => Promise<void>, options: Http2SceneOptions = {}): Promise<void> {
  return playing({ model: MOBILE, ...options }, async (scene) => {
    const [ada, bob] = (await scene.open('ada', 'bob')) as [Http2Actor, Http2Actor]
    await play(ada, bob, scene)
  })
}

test('carries sessions: people who type at once see the same in the end', () =>
  two(async (ada, bob, scene) => {
    type(ada, 'hello ')
    type(bob, 'world')
    await scene.run(3_000)
    expect(scene.texts()).toHaveLength(1)
    expect(scene.texts()[0]).toHaveLength(11)
    expect(ada.received.map(({ kind }) => kind)).toContain('ack')
    expect(scene.node.charged.get('connect')).toBe(2)
    expect(scene.node.charged.get('submit')).toBeGreaterThan(3)
  }))

test('carries presence, and the refusal of it', () =>
  two(async (ada, bob, scene) => {
    const seen: ServerPresence[] = []
    const ends: string[] = []
    const follow = (actor: Http2Actor, into: ServerPresence[]) =>
      actor.link.openPresence(
        { kind: 'open', document: DOCUMENT, clientId: actor.document!.status.clientId!, anonymous: false },
        { message: (message) => into.push(message), ended: (error) => ends.push(error.reason) },
      )
    const watching = follow(ada, seen)
    const shown = follow(bob, [])
    shown.send({ kind: 'state', state: { name: 'Bob', color: '#ff0000', activity: 'typing', data: '' } })
    await scene.run(2_000)
    expect(seen.flatMap(({ updated }) => updated.map(({ state }) => state.name))).toEqual(['Bob'])
    shown.close()
    await scene.run(2_000)
    expect(seen.at(-1)?.left).toEqual([bob.document!.status.clientId])
    expect(ends).toEqual([])
    watching.close()
    ada.link.openPresence({ kind: 'open', document: DOCUMENT, clientId: 'f'.repeat(16), anonymous: false }, { message: () => undefined, ended: (error) => ends.push(error.reason) })
    await scene.run(2_000)
    expect(ends).toEqual(['PRESENCE_NOT_OPEN'])
  }))

test('a cut is seen by the client at once and by the server later, so that what was under way still arrives', () =>
  two(async (ada, bob, scene) => {
    type(ada, 'late')
    await scene.run(1)
    ada.link.down()
    await scene.run(1)
    expect(ada.ends).toEqual(['UNREACHABLE'])
    await scene.run(2_000)
    expect(bob.document!.text.toString()).toBe('late')
    await scene.run(20_000)
    expect(ada.document!.status.connection).not.toBe('online')
    ada.link.restore()
    await scene.run(60_000)
    expect(scene.texts()).toEqual(['late'])
    expect(scene.node.head).toBe(1)
  }))

test('a hang that ends only delays; one that lasts is found by the pings of both ends', () =>
  two(async (ada, bob, scene) => {
    ada.link.hang()
    type(ada, 'a')
    type(bob, 'b')
    await scene.run(5_000)
    expect(scene.texts()).toHaveLength(2)
    ada.link.restore()
    await scene.run(15_000)
    expect(ada.ends).toEqual([])
    expect(scene.texts()).toHaveLength(1)
    ada.link.hang()
    await scene.run(25_000 + 8_000 + 1_000)
    expect(ada.ends[0]).toBe('UNREACHABLE')
    await scene.run(40_000)
    expect(scene.node.edge!.carriers).toBe(1)
    ada.link.restore()
    await scene.run(60_000)
    expect(ada.document!.status.connection).toBe('online')
    expect(bob.ends).toEqual([])
  }))

test('silent connections are kept by their pings', () =>
  two(async (ada, bob, scene) => {
    await scene.run(4 * 60_000)
    expect([ada.ends, bob.ends]).toEqual([[], []])
    expect(scene.node.charged.get('connect')).toBe(2)
  }))

test('a session that is silent for too long is ended by the edge, and opened again on the same connection', () =>
  two(async (ada, _, scene) => {
    await scene.run(6 * 60_000)
    expect(ada.ends).toEqual(['IDLE_TIMEOUT'])
    expect(ada.document!.status.connection).toBe('online')
    expect(scene.node.charged.get('connect')).toBe(2)
  }))

test.each(['up', 'down'] as const)('a partition of the way %s alone that lasts ends the connection, and both get together after it', (cut) =>
  two(async (ada, bob, scene) => {
    scene.blocked = (_, direction) => direction === cut
    type(ada, 'a')
    type(bob, 'b')
    await scene.run(60_000)
    expect([ada.ends[0], bob.ends[0]]).toEqual(['UNREACHABLE', 'UNREACHABLE'])
    scene.blocked = () => false
    await scene.run(90_000)
    expect(scene.texts()).toHaveLength(1)
    expect(scene.node.head).toBe(2)
  }))

test('the death of the node is told to everybody; a new generation takes what was not acknowledged', () =>
  two(async (ada, bob, scene) => {
    type(ada, 'x')
    scene.node.kill()
    await scene.run(2_000)
    expect([ada.ends[0], bob.ends[0]]).toEqual(['UNREACHABLE', 'UNREACHABLE'])
    expect(scene.node.head).toBe(0)
    scene.node.start()
    await scene.run(60_000)
    expect(scene.texts()).toEqual(['x'])
  }))

test('a paused node takes nothing and says nothing; the kernel holds both', () =>
  two(async (ada, bob, scene) => {
    scene.node.process.pause()
    type(ada, 'x')
    await scene.run(5_000)
    expect(scene.node.head).toBe(0)
    scene.node.process.resume()
    await scene.run(3_000)
    expect(bob.document!.text.toString()).toBe('x')
    expect(ada.ends).toEqual([])
  }))

test('without a node there is nobody to connect to', () =>
  playing({ model: { delayMs: 100, delayP99Ms: 100 } }, async (scene) => {
    const served = scene.route
    await scene.node.create(['ada'])
    scene.route = () => undefined
    const ada = scene.join('ada')
    await scene.run(99)
    expect(ada.ends).toEqual([])
    await scene.run(2)
    expect(ada.ends).toEqual(['UNREACHABLE'])
    scene.route = served
    await scene.run(1_000)
  }))

test('a drain says GOAWAY: streams end in order, and who comes back finds the next generation', () =>
  two(async (ada, bob, scene) => {
    const { node } = scene
    type(ada, 'before ')
    await scene.run(1_000)
    const server = node.server!
    const edge = node.edge!
    scene.route = () => undefined
    const goneAway: Uint8Array[] = []
    const { arrive } = WireEnd.prototype
    const spy = vi.spyOn(WireEnd.prototype, 'arrive').mockImplementation(function (this: WireEnd, chunk) {
      if (chunk[3] === GOAWAY) goneAway.push(chunk)
      arrive.call(this, chunk)
    })
    edge.drain()
    server.drain()
    let closed = false
    void edge.emptied(20_000).then(() => server.close()).then(() => edge.close(2_000)).then(() => (closed = true))
    await scene.run(60_000)
    spy.mockRestore()
    expect([closed, edge.carriers, goneAway.length >= 2]).toEqual([true, 0, true])
    node.kill()
    node.start()
    scene.route = () => node
    type(bob, 'after')
    await scene.run(90_000)
    expect(scene.texts()).toEqual(['before after'])
  }))

test('a repeated submit commits once', () =>
  two(async (ada, _, scene) => {
    for (let n = 0; n < 5; n += 1) {
      type(ada, String(n))
      await scene.run(1_000)
    }
    expect(scene.texts()).toEqual(['01234'])
    expect(scene.node.head).toBe(5)
  }, { model: { ...MOBILE, repeat: 1 } }))

test('submits by calls of their own commit once, also when a cut takes their answers', () =>
  two(async (ada, _, scene) => {
    for (let n = 0; n < 6; n += 1) {
      type(ada, String(n))
      await scene.run(60)
      if (n % 2 === 1) ada.link.cut()
      await scene.run(2_000)
    }
    await scene.run(30_000)
    expect(scene.texts()).toEqual(['012345'])
    expect(scene.node.head).toBe(6)
  }, { unary: true }))

test('a small window, little bandwidth and small slices slow a large paste down, and change nothing else', () =>
  two(async (ada, bob, scene) => {
    const paste = 'lorem ipsum '.repeat(5_000)
    const before = scene.time.now
    type(ada, paste)
    await scene.run(2_000)
    expect(bob.document!.text.length).toBe(0)
    while (bob.document!.text.length < paste.length && scene.time.now < before + 60_000) await scene.run(100)
    expect(bob.document!.text.toString()).toBe(paste)
    expect(scene.time.now - before).toBeGreaterThan(2 * (paste.length / 20_000) * 1_000 * 0.9)
  }, { model: { delayMs: 20, delayP99Ms: 20, bandwidth: 20_000, window: 2_000, sliceBytes: 700 } }))

test('the processor delays what passes', () =>
  two(async (ada, bob, scene) => {
    scene.node.costMs = 300
    type(ada, 'x')
    await scene.run(300)
    expect(bob.document!.text.toString()).toBe('')
    await scene.run(20_000)
    expect(bob.document!.text.toString()).toBe('x')
    scene.node.costMs = 0
  }))

/** Two clients, edits, cuts, stalls, a death: a hash of what was said, and one of every byte that arrived anywhere. */
async function eventful(seed: number, turns?: number): Promise<{ readonly said: string; readonly bytes: string }> {
  const model = { delayMs: 30, delayP99Ms: 300, bandwidth: 20_000, window: 2_000, repeat: 0.2, glitch: 0.05, slowReadMs: 300, sliceBytes: 137 }
  const bytes = createHash('sha256')
  const { arrive } = WireEnd.prototype
  const spy = vi.spyOn(WireEnd.prototype, 'arrive').mockImplementation(function (this: WireEnd, chunk) {
    bytes.update(`${chunk.length}:`).update(chunk)
    arrive.call(this, chunk)
  })
  const play = async (scene: Http2Scene): Promise<string> => {
    const actors = await scene.open('ada', 'bob')
    for (let n = 0; n < 40; n += 1) {
      const actor = actors[n % 2]!
      if (actor.document?.status.canEdit === true) type(actor, String(n % 10))
      if (n % 17 === 5) actor.link.cut()
      if (n % 23 === 7) actor.link.stall(900)
      if (n === 30) scene.node.kill()
      if (n === 32) scene.node.start()
      await scene.run(150)
    }
    for (const { link } of actors) link.use({ ...PERFECT, delayMs: 5, delayP99Ms: 5 })
    await scene.run(90_000)
    expect(scene.texts()).toHaveLength(1)
    return scene.trace.hash()
  }
  try {
    return { said: await playing({ seed, model, ...(turns === undefined ? {} : { turns }) }, play), bytes: bytes.digest('hex') }
  } finally {
    spy.mockRestore()
  }
}

test('equal runs are equal to the byte, pings included; another seed is another run', async () => {
  const first = await eventful(5)
  expect(await eventful(5)).toEqual(first)
  expect((await eventful(6)).said).not.toBe(first.said)
})

test('the kernel waits until Node has done what it began: more turns of the event loop change nothing', async () => {
  for (const seed of [7, 8]) expect(await eventful(seed, 6)).toEqual(await eventful(seed))
})

test('what is left at the end of a run is let go of, at nodes that died too', () =>
  two(async (ada, bob, scene) => {
    scene.node.kill()
    scene.node.start()
    await scene.run(30_000)
    expect([ada, bob].map(({ document }) => document!.status.connection)).toEqual(['online', 'online'])
    await scene.level.release()
    expect(scene.node.edge!.carriers).toBe(0)
  }))
