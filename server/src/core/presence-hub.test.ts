import type { ClientPresence, PresenceState, ServerPresence } from '@concord/protocol'
import { describe, expect, test } from 'vitest'
import type { PresenceHandle } from './carrier.ts'
import { DOC, delta, NAME, person, type TestClient, World } from './testing/world.ts'

const at = (anchor: number, more: Partial<PresenceState> = {}): ClientPresence => ({
  kind: 'state',
  state: { name: '', color: '#00ff00', selection: { version: 0, anchor, head: anchor }, activity: 'typing', data: '', ...more },
})

class Follower {
  wakes = 0
  handle!: PresenceHandle
  private readonly world: World
  readonly client: TestClient

  constructor(world: World, client: TestClient) {
    this.world = world
    this.client = client
  }

  async open(anonymous = false): Promise<this> {
    const { identity, clientId } = this.client
    const handle = await this.world.finish(this.world.server.presence.open(identity, { kind: 'open', document: NAME, clientId, anonymous }, () => void this.wakes++))
    if (handle.kind === 'failure') throw new Error(handle.error.reason)
    this.handle = handle
    return this
  }

  /** What came within the next tick. */
  async hear(): Promise<ServerPresence | undefined> {
    await this.world.runtime.advance(100)
    return this.handle.pull()
  }
}

async function follow(world: World, userId: string, anonymous = false): Promise<Follower> {
  return new Follower(world, await world.open(userId)).open(anonymous)
}

describe('presence', () => {
  test('the latest state of each is told once per tick, to others only', async () => {
    const world = await World.start()
    const [ada, bob] = [await follow(world, 'ada'), await follow(world, 'bob')]
    await Promise.all([ada.hear(), bob.hear()])
    for (let i = 0; i < 5; i++) ada.handle.receive(at(i))
    expect(bob.wakes).toBe(1)
    expect(await bob.hear()).toMatchObject({ updated: [{ clientId: ada.client.clientId, userId: 'ada', state: { name: 'ada', selection: { anchor: 4 } } }], left: [], detail: 'full', count: 1 })
    expect(bob.wakes).toBe(2)
    expect(ada.handle.pull()).toBeUndefined()
    expect(await bob.hear()).toBeUndefined()
  })

  test('who comes later is told what is', async () => {
    const world = await World.start()
    const ada = await follow(world, 'ada')
    ada.handle.receive(at(7, { name: 'Ada L.' }))
    const bob = await follow(world, 'bob')
    expect(await bob.hear()).toMatchObject({ updated: [{ state: { name: 'Ada L.' } }], count: 1 })
  })

  test('who leaves, or is silent for 10 seconds, has left; a beat keeps one there', async () => {
    const world = await World.start()
    const [ada, bob, vic] = [await follow(world, 'ada'), await follow(world, 'bob'), await follow(world, 'vic')]
    for (const one of [ada, bob, vic]) one.handle.receive(at(1))
    await bob.hear()
    vic.handle.close()
    expect(await bob.hear()).toMatchObject({ left: [vic.client.clientId], count: 1 })
    for (let i = 0; i < 3; i++) {
      await world.runtime.advance(4_000)
      bob.handle.receive({ kind: 'beat' })
    }
    expect(bob.handle.pull()).toMatchObject({ left: [ada.client.clientId], count: 0 })
    expect(ada.handle.ended).toMatchObject({ reason: 'IDLE_TIMEOUT' })
    expect(bob.handle.ended).toBeUndefined()
  })

  test('anonymous hides who it is', async () => {
    const world = await World.start()
    const [ada, bob] = [await follow(world, 'ada', true), await follow(world, 'bob')]
    ada.handle.receive(at(1, { name: 'Ada' }))
    expect(await bob.hear()).toMatchObject({ updated: [{ userId: '', state: { name: '' } }] })
  })

  test("it needs a running session of the user's own client id, and ends with it", async () => {
    const world = await World.start()
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    const stolen = new Follower(world, bob)
    Object.assign(stolen.client, { opened: ada.opened })
    await expect(stolen.open()).rejects.toThrow('PRESENCE_NOT_OPEN')
    const own = await new Follower(world, ada).open()
    ada.handle.close()
    await world.runtime.advance(2_000)
    expect(own.handle.ended).toMatchObject({ reason: 'PRESENCE_NOT_OPEN' })
  })

  test('updates outside the stream need it, and the right user', async () => {
    const world = await World.start()
    const [ada, bob] = [await follow(world, 'ada'), await follow(world, 'bob')]
    const { clientId } = ada.client
    const { presence } = world.server
    expect(presence.update(person('ada'), NAME, clientId, at(3))).toBeUndefined()
    expect(await bob.hear()).toMatchObject({ updated: [{ clientId }] })
    expect(presence.update(person('bob'), NAME, clientId, at(3))).toMatchObject({ reason: 'PRESENCE_NOT_OPEN' })
    expect(presence.update(person('ada'), 'documents/other', clientId, at(3))).toMatchObject({ reason: 'PRESENCE_NOT_OPEN' })
  })

  test.each<[string, Partial<PresenceState>, string]>([
    ['too large', { data: JSON.stringify('x'.repeat(17_000)) }, 'FRAME_TOO_LARGE'],
    ['a colour that is none', { color: 'url(x)' }, 'FIELD_INVALID'],
    ['a name that turns text around', { name: 'a\u202eb' }, 'FIELD_INVALID'],
    ['a place that is none', { selection: { version: 0, anchor: -1, head: 0 } }, 'FIELD_INVALID'],
    ['data that is no JSON', { data: '{' }, 'FIELD_INVALID'],
  ])('%s is refused', async (_, state, reason) => {
    const world = await World.start()
    const ada = await follow(world, 'ada')
    expect(world.server.presence.update(person('ada'), NAME, ada.client.clientId, at(0, state))).toMatchObject({ reason })
    ada.handle.receive(at(0, state))
    expect(ada.handle.ended).toMatchObject({ reason })
  })

  test('a flood ends the presence and touches no edit', async () => {
    const world = await World.start()
    const ada = await follow(world, 'ada')
    for (let i = 0; i < 200; i++) ada.handle.receive(at(i))
    expect(ada.handle.ended).toMatchObject({ reason: 'RATE_LIMITED' })
    expect(await ada.client.submit(1, 0, delta(0, { insert: 'x' }))).toMatchObject({ kind: 'ack' })
  })

  test('it degrades by number: everybody, a sample, a number, and back', async () => {
    const world = await World.start({ limits: { presenceFull: 3, presenceSample: 2, presenceSampled: 4 } })
    const people = [await follow(world, 'bob')]
    const [bob] = people as [Follower]
    const details: unknown[] = []
    for (let i = 0; i < 4; i++) {
      const one = await follow(world, 'ada')
      one.handle.receive(at(i))
      people.push(one)
      const heard = await bob.hear()
      details.push([heard?.detail, heard?.updated.length, heard?.left.length, heard?.count])
    }
    expect(details).toEqual([
      ['full', 1, 0, 1],
      ['full', 1, 0, 2],
      ['sampled', 0, 0, 3],
      ['counts', 0, 2, 4],
    ])
    people.at(-1)?.handle.close()
    people.at(-2)?.handle.close()
    expect(await bob.hear()).toMatchObject({ detail: 'full', count: 2, updated: [{}, {}] })
  })

  test('a room that is left leaves nothing behind', async () => {
    const world = await World.start()
    const ada = await follow(world, 'ada')
    ada.handle.close()
    ada.client.handle.close()
    await world.runtime.advance(500_000)
    expect(world.runtime.timerCount).toBe(0)
    expect(await world.stores.opLog.head(DOC)).toMatchObject({ version: 0 })
  })
})
