import type { ServerPresence } from '@concord/protocol'
import { describe, expect, test } from 'vitest'
import type { LinkModel } from '../../plan/link-model.ts'
import type { MakeLink } from '../network.ts'
import { DOCUMENT } from './local-node.ts'
import { Scene, type SceneActor, type SceneOptions } from './scene.ts'

const MOBILE: Partial<LinkModel> = { delayMs: 40, delayP99Ms: 200 }

/** What every link must do, at whatever level. */
export function testLink(level: string, make: MakeLink): void {
  describe(`a link at level ${level}`, () => {
    carries(make)
    breaks(make)
    goesSilent(make)
    losesNodes(make)
    disorders(make)
    holdsBack(make)
  })
}

/** Sessions and presence. */
function carries(make: MakeLink): void {
  test('carries sessions: people who type at once see the same in the end', async () => {
    const { scene, ada, bob } = await two(make)
    type(ada, 'hello ')
    type(bob, 'world')
    await scene.run(3_000)
    expect(scene.texts()).toHaveLength(1)
    expect(scene.texts()[0]).toHaveLength(11)
    expect(scene.node.head).toBe(2)
    expect(ada.sent.map(({ kind }) => kind)).toContain('submit')
    expect(ada.received.map(({ kind }) => kind)).toContain('ack')
  })

  test('carries presence: who is there is seen, and who leaves is gone', async () => {
    const { scene, ada, bob } = await two(make)
    const seen: ServerPresence[] = []
    const ends: string[] = []
    const follow = (actor: SceneActor, into: ServerPresence[]) =>
      actor.link.openPresence(
        { kind: 'open', document: DOCUMENT, clientId: actor.document!.status.clientId!, anonymous: false },
        { message: (message) => into.push(message), ended: (error) => ends.push(error.reason) },
      )
    follow(ada, seen)
    const shown = follow(bob, [])
    shown.send({ kind: 'state', state: { name: 'Bob', color: '#ff0000', activity: 'typing', data: '' } })
    await scene.run(2_000)
    expect(seen.flatMap(({ updated }) => updated.map(({ state }) => state.name))).toEqual(['Bob'])
    shown.close()
    await scene.run(2_000)
    expect(seen.at(-1)?.left).toEqual([bob.document!.status.clientId])
    expect(scene.node.charged.get('presence')).toBeGreaterThan(3)
    expect(ends).toEqual([])
  })

  test('ends presence that the server refuses', async () => {
    const { scene, ada } = await two(make)
    const ends: string[] = []
    ada.link.openPresence({ kind: 'open', document: DOCUMENT, clientId: '00000000000000ff', anonymous: false }, { message: () => undefined, ended: (error) => ends.push(error.reason) })
    await scene.run(2_000)
    expect(ends).toEqual(['PRESENCE_NOT_OPEN'])
  })
}

/** What cuts and restores. */
function breaks(make: MakeLink): void {
  test('a cut is seen by the client at once and by the server later, so that what was under way still arrives', async () => {
    const { scene, ada, bob } = await two(make)
    type(ada, 'late')
    ada.link.down()
    await scene.run(1)
    expect(ada.ends).toEqual(['UNREACHABLE'])
    await scene.run(2_000)
    expect(bob.document!.text.toString()).toBe('late')
    expect(ada.document!.status.connection).not.toBe('online')
    ada.link.restore()
    await scene.run(60_000)
    expect(scene.texts()).toEqual(['late'])
    expect(scene.node.head).toBe(1)
  })

  test('down refuses until restored', async () => {
    const { scene, ada } = await two(make)
    ada.link.down()
    await scene.run(20_000)
    expect(ada.ends.length).toBeGreaterThan(1)
    expect(ada.document!.status.connection).not.toBe('online')
    ada.link.restore()
    await scene.run(60_000)
    expect(ada.document!.status.connection).toBe('online')
  })

  test('a hang that ends only delays', async () => {
    const { scene, ada, bob } = await two(make)
    ada.link.hang()
    type(ada, 'a')
    type(bob, 'b')
    await scene.run(5_000)
    expect(ada.ends).toEqual([])
    expect(scene.texts()).toHaveLength(2)
    ada.link.restore()
    await scene.run(15_000)
    expect(ada.ends).toEqual([])
    expect(scene.texts()).toHaveLength(1)
  })
}

/** What nobody is told of, and how it is found. */
function goesSilent(make: MakeLink): void {
  test('a hang that lasts is found by the pings of both ends', async () => {
    const { scene, ada } = await two(make)
    ada.link.hang()
    await scene.run(25_000 + 8_000 + 1_000)
    expect(ada.ends[0]).toBe('UNREACHABLE')
    expect(scene.node.charged.get('close') ?? 0).toBe(0)
    await scene.run(40_000)
    expect(scene.node.charged.get('close')).toBe(1)
    ada.link.restore()
    await scene.run(60_000)
    expect(ada.document!.status.connection).toBe('online')
  })

  test('a silent connection is kept by its pings', async () => {
    const { scene, ada, bob } = await two(make)
    await scene.run(30 * 60_000)
    expect([ada.ends, bob.ends]).toEqual([[], []])
    expect(scene.node.charged.get('connect')).toBe(2)
  })

  test.each(['up', 'down'] as const)('a partition of the way %s alone that lasts ends the connection, and both get together after it', async (cut) => {
    const { scene, ada, bob } = await two(make)
    scene.blocked = (_, direction) => direction === cut
    type(ada, 'a')
    type(bob, 'b')
    await scene.run(40_000)
    expect([ada.ends[0], bob.ends[0]]).toEqual(['UNREACHABLE', 'UNREACHABLE'])
    scene.blocked = () => false
    await scene.run(90_000)
    expect(scene.texts()).toHaveLength(1)
    expect(scene.node.head).toBe(2)
  })

  test('a short partition is bridged by retransmission', async () => {
    const { scene, ada, bob } = await two(make)
    scene.blocked = () => true
    type(ada, 'a')
    type(bob, 'b')
    await scene.run(3_000)
    scene.blocked = () => false
    await scene.run(10_000)
    expect([ada.ends, bob.ends]).toEqual([[], []])
    expect(scene.texts()).toHaveLength(1)
  })
}

/** What happens to the node at the other end. */
function losesNodes(make: MakeLink): void {
  test('the death of the node is told to everybody; a new generation takes what was not acknowledged', async () => {
    const { scene, ada, bob } = await two(make)
    type(ada, 'x')
    scene.node.kill()
    await scene.run(2_000)
    expect([ada.ends[0], bob.ends[0]]).toEqual(['UNREACHABLE', 'UNREACHABLE'])
    expect(scene.node.head).toBe(0)
    scene.node.start()
    await scene.run(60_000)
    expect(scene.texts()).toEqual(['x'])
  })

  test('a paused node takes nothing; the kernel holds it', async () => {
    const { scene, ada, bob } = await two(make)
    scene.node.process.pause()
    type(ada, 'x')
    await scene.run(5_000)
    expect(scene.node.head).toBe(0)
    expect(ada.ends).toEqual([])
    scene.node.process.resume()
    await scene.run(3_000)
    expect(bob.document!.text.toString()).toBe('x')
  })

  test('a node that is paused for long is found by the ping, and cannot be connected to', async () => {
    const { scene, ada } = await two(make)
    scene.node.process.pause()
    await scene.run(60_000)
    expect(ada.ends.length).toBeGreaterThan(1)
    scene.node.process.resume()
    await scene.run(90_000)
    expect(ada.document!.status.connection).toBe('online')
  })

  test('without a node there is nobody to connect to', async () => {
    const scene = new Scene({ make, model: { delayMs: 100, delayP99Ms: 100 } })
    scene.route = () => undefined
    const ada = scene.join('ada')
    await scene.run(99)
    expect(ada.ends).toEqual([])
    await scene.run(2)
    expect(ada.ends).toEqual(['UNREACHABLE'])
  })
}

/** What the network does to single frames. */
function disorders(make: MakeLink): void {
  test('a repeated submit commits once, by the stream and by calls', async () => {
    for (const unary of [false, true]) {
      const { scene, ada } = await two(make, { model: { ...MOBILE, repeat: 1 }, unary })
      for (let n = 0; n < 5; n += 1) {
        type(ada, String(n))
        await scene.run(1_000)
      }
      expect(scene.texts()).toEqual(['01234'])
      expect(scene.node.head).toBe(5)
      expect(scene.node.charged.get('submit')).toBe(10)
    }
  })

  test('frames that are lost or doubled are found by the gap (R1)', async () => {
    const { scene, ada, bob } = await two(make, { model: { ...MOBILE, glitch: 0.2 }, seed: 3 })
    for (let n = 0; n < 40; n += 1) {
      type(n % 2 === 0 ? ada : bob, String(n % 10))
      await scene.run(200)
    }
    ada.link.use({ ...PERFECT_LATER })
    bob.link.use({ ...PERFECT_LATER })
    await scene.run(60_000)
    expect(scene.texts()).toHaveLength(1)
    expect(scene.texts()[0]).toHaveLength(40)
    expect(ada.sent.filter(({ kind }) => kind === 'open').length + bob.sent.filter(({ kind }) => kind === 'open').length).toBeGreaterThan(2)
  })
}

/** Slow readers, a slow processor, and that all of it is the same twice. */
function holdsBack(make: MakeLink): void {
  test.each([0, 4_096])('a reader that takes nothing falls out of the window and comes back (R5), transport window %i', async (window) => {
    const { scene, ada, bob } = await two(make, { model: { ...MOBILE, window }, limits: { windowOperations: 20, batchOperations: 20, windowLeast: 4, windowBytes: 65_536, batchBytes: 65_536 } })
    bob.link.stall(20_000)
    for (let n = 0; n < 300; n += 1) {
      type(ada, 'x'.repeat(50))
      await scene.run(50)
    }
    const before = bob.received.length
    await scene.run(20_000)
    const after = bob.received.slice(before)
    expect(after.some((frame) => frame.kind === 'opened' && frame.opened.reason === 'slow_reader')).toBe(true)
    expect(after.length).toBeLessThan(250)
    expect(scene.texts()).toHaveLength(1)
  })

  test('costs of the one processor delay what passes, and everything is charged', async () => {
    const { scene, ada, bob } = await two(make)
    const { charged } = scene.node
    expect([charged.get('connect'), charged.get('open')]).toEqual([2, 2])
    const frames = charged.get('frame')!
    scene.node.costMs = 500
    type(ada, 'x')
    await scene.run(1_000)
    expect(bob.document!.text.toString()).toBe('')
    await scene.run(20_000)
    expect(bob.document!.text.toString()).toBe('x')
    expect(charged.get('submit')).toBe(1)
    expect(charged.get('frame')).toBeGreaterThanOrEqual(frames + 2)
    ada.link.close()
    await scene.run(20_000)
    expect(charged.get('close')).toBe(1)
  })

  test('equal runs have equal hashes', async () => {
    const hashes = new Set<string>()
    for (const seed of [5, 5, 6]) hashes.add(await eventful(make, seed))
    expect(hashes.size).toBe(2)
  })
}

async function two(make: MakeLink, options: Omit<SceneOptions, 'make'> = {}): Promise<{ readonly scene: Scene; readonly ada: SceneActor; readonly bob: SceneActor }> {
  const scene = new Scene({ make, model: MOBILE, ...options })
  const [ada, bob] = await scene.open('ada', 'bob')
  return { scene, ada: ada!, bob: bob! }
}

const PERFECT_LATER: LinkModel = { delayMs: 5, delayP99Ms: 5, bandwidth: 0, window: 0, repeat: 0, glitch: 0, slowReadMs: 0, sliceBytes: 0 }

function type({ document }: SceneActor, text: string): void {
  document!.text.insert(document!.text.length, text)
}

/** A bit of everything; its trace as a hash. */
async function eventful(make: MakeLink, seed: number): Promise<string> {
  const model = { delayMs: 30, delayP99Ms: 300, bandwidth: 20_000, window: 2_000, repeat: 0.2, glitch: 0.05, slowReadMs: 300, sliceBytes: 37 }
  const scene = new Scene({ make, seed, model })
  const actors = await scene.open('ada', 'bob', 'cyn')
  for (let n = 0; n < 60; n += 1) {
    const actor = actors[n % 3]!
    if (actor.document?.status.canEdit === true) type(actor, String(n % 10))
    if (n % 17 === 5) actor.link.cut()
    if (n % 23 === 7) actor.link.stall(900)
    if (n === 40) scene.node.kill()
    if (n === 42) scene.node.start()
    await scene.run(150)
  }
  for (const { link } of actors) link.use(PERFECT_LATER)
  await scene.run(90_000)
  expect(scene.texts()).toHaveLength(1)
  return scene.trace.hash()
}
