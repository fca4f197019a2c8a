import { expect, describe, test } from 'vitest'
import type { Open } from '@concord/protocol'
import { brief, delta, DOC, NAME, person, TestClient, World } from './testing/world.ts'
import type { Identity } from '../ports/index.ts'

const OPEN: Open = { document: NAME, version: 0, epoch: 0, lastSeq: 0, sdk: '', features: [], snapshot: false, algorithms: [1] }

async function refusal(world: World, identity: Identity, open: Partial<Open> = {}) {
  const handle = await world.finish(world.server.sessions.open(identity, { ...OPEN, ...open }, () => undefined))
  return handle.kind === 'failure' ? handle.error : undefined
}

test('two people edit one document, and it is there after a restart', async () => {
  const world = await World.start()
  const [ada, bob] = [await world.open('ada'), await world.open('bob')]
  expect(ada.opened).toMatchObject({ epoch: 1, head: 0, resume: 'changes', role: 'owner', userId: 'ada', userOrdinal: 1, durability: 'volatile', title: 'Notes', documentType: 'text', submitWindow: 1, algorithm: 1 })
  ada.send(1, 0, delta(0, { insert: 'hello' }))
  bob.send(1, 0, delta(0, { insert: 'world' }))
  expect(brief(await ada.read())).toEqual(['ack 1@1', 'change 2'])
  expect(brief(await bob.read())).toEqual(['change 1', 'ack 1@2'])
  expect(await world.text()).toBe('helloworld')
  const next = world.restart()
  const vic = await next.open('vic')
  expect(brief(vic.frames)).toEqual(['opened changes', 'change 1', 'change 2'])
  expect(await next.text()).toBe('helloworld')
})

describe('who may come in', () => {
  test('unknown, forbidden, foreign and deleted are one and the same answer', async () => {
    const world = await World.start()
    await world.stores.documents.create({ tenant: 'local', id: 'gone' }, { title: '', type: 'text', creator: 'ada', at: 1 })
    await world.stores.documents.delete({ tenant: 'local', id: 'gone' }, 2)
    const answers = [
      await refusal(world, person('ada'), { document: 'documents/nothing' }),
      await refusal(world, person('eve')),
      await refusal(world, person('ada', { tenant: 'other' })),
      await refusal(world, person('ada'), { document: 'documents/gone' }),
    ]
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]).toMatchObject({ reason: 'DOCUMENT_NOT_FOUND' })
    const submit = { session: '0000000100000001', clientId: '0000000100000001', seq: 1, baseVersion: 0, operation: delta(0, { insert: 'x' }) }
    expect(await world.finish(world.server.sessions.submit(person('eve'), NAME, submit))).toEqual({ kind: 'failure', error: answers[0] })
  })

  test('nobody without a role makes the server claim or load anything', async () => {
    const world = await World.start()
    await refusal(world, person('eve'))
    expect(await world.stores.opLog.head(DOC)).toEqual({ epoch: 0, version: 0 })
  })

  test.each(['notes', 'documents/', 'documents/A', 'documents/../x', 'documents/a/b', `documents/${'a'.repeat(65)}`, 'documents/a\u0000', 'documents/__proto__'])('%j is no document name', async (document) => {
    const error = await refusal(await World.start(), person('ada'), { document })
    expect(error).toMatchObject({ reason: 'FIELD_INVALID', field: 'document' })
  })

  test.each<[Partial<Open>, string, string | undefined]>([
    [{ version: -1 }, 'FIELD_INVALID', 'open.version'],
    [{ version: 0.5 }, 'FIELD_INVALID', 'open.version'],
    [{ epoch: -1 }, 'FIELD_INVALID', 'open.epoch'],
    [{ algorithms: [9] }, 'SDK_TOO_OLD', undefined],
  ])('an open with %j is refused', async (open, reason, field) => {
    expect(await refusal(await World.start(), person('ada'), open)).toMatchObject({ reason, ...(field === undefined ? {} : { field }) })
  })

  test('opens of one user are limited, of others not', async () => {
    const world = await World.start({ limits: { opensPerMinute: 3 } })
    for (let i = 0; i < 3; i++) expect(await refusal(world, person('ada'))).toBeUndefined()
    expect(await refusal(world, person('ada'))).toMatchObject({ reason: 'RATE_LIMITED', retryAfterMs: 20_000 })
    expect(await refusal(world, person('bob'))).toBeUndefined()
    await world.runtime.advance(20_000)
    expect(await refusal(world, person('ada'))).toBeUndefined()
  })

  test('the store of roles is gone: UNAVAILABLE, never a guess', async () => {
    const world = await World.start()
    await world.stores.faults.unavailable('everything')
    expect(await refusal(world, person('ada'))).toMatchObject({ reason: 'STORAGE_UNAVAILABLE' })
  })
})

describe('roles', () => {
  test('a viewer reads and cannot edit; the refusal takes one operation and nothing else', async () => {
    const world = await World.start()
    const [vic, bob] = [await world.open('vic'), await world.open('bob')]
    vic.send(1, 0, delta(0, { insert: 'x' }))
    expect(brief(await vic.read())).toEqual(['reject 1 ROLE_REQUIRED'])
    bob.send(1, 0, delta(0, { insert: 'y' }))
    await bob.read()
    expect(brief(await vic.read())).toEqual(['change 1'])
    expect(vic.handle.ended).toBeUndefined()
    expect(await world.text()).toBe('y')
  })

  test('a new role is told, and counts for the next operation', async () => {
    const world = await World.start()
    const bob = await world.open('bob')
    await world.stores.documents.setGrant(DOC, { userId: 'bob', role: 'viewer' })
    world.server.access.roleChanged(DOC, 'bob')
    expect(brief(await bob.read())).toEqual(['notice role'])
    expect(await bob.submit(1, 0, delta(0, { insert: 'x' }))).toMatchObject({ kind: 'reject', reject: { error: { reason: 'ROLE_REQUIRED' } } })
  })

  test('a removed role ends the session at once when it is told, and nothing is delivered after', async () => {
    const world = await World.start()
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    await world.stores.documents.deleteGrant(DOC, 'bob')
    world.server.access.roleChanged(DOC, 'bob')
    await world.settle()
    await ada.commit(1, 0, delta(0, { insert: 'x' }))
    expect(await bob.read()).toEqual([])
    expect(bob.handle.ended).toMatchObject({ reason: 'DOCUMENT_NOT_FOUND' })
  })

  test('a role removed elsewhere is noticed within 5 seconds, by readers and by writers', async () => {
    const world = await World.start()
    const [bob, vic] = [await world.open('bob'), await world.open('vic')]
    await world.stores.documents.setGrant(DOC, { userId: 'bob', role: 'viewer' })
    await world.stores.documents.deleteGrant(DOC, 'vic')
    await world.runtime.advance(5_000)
    expect(vic.handle.ended).toMatchObject({ reason: 'DOCUMENT_NOT_FOUND' })
    expect(await bob.submit(1, 0, delta(0, { insert: 'x' }))).toMatchObject({ kind: 'reject', reject: { error: { reason: 'ROLE_REQUIRED' } } })
  })

  test('roles that cannot be asked for: no writes after 5 s, no reads after 60 s', async () => {
    const world = await World.start()
    const bob = await world.open('bob')
    const grants = world.stores.documents.grants.bind(world.stores.documents)
    world.stores.documents.grants = async (doc) => {
      await world.stores.faults.unavailable('everything')
      return grants(doc).finally(() => world.stores.faults.unavailable('nothing'))
    }
    await world.runtime.advance(6_000)
    expect(await bob.submit(1, 0, delta(0, { insert: 'x' }))).toMatchObject({ kind: 'reject', reject: { error: { reason: 'STORAGE_UNAVAILABLE' } } })
    expect(bob.handle.ended).toBeUndefined()
    await world.runtime.advance(60_000)
    expect(bob.handle.ended).toMatchObject({ reason: 'STORAGE_UNAVAILABLE' })
  })

  test('an expired token ends the session after its grace; a fresh one keeps it', async () => {
    const world = await World.start()
    const expiresAt = world.runtime.clock.now() + 10_000
    const sessions = [new TestClient(world, person('ada', { expiresAt })), new TestClient(world, person('bob', { expiresAt }))] as const
    for (const client of sessions) await client.open()
    sessions[1].handle.renew(person('bob', { expiresAt: expiresAt + 100_000 }))
    await world.runtime.advance(30_000)
    expect(sessions[0].handle.ended).toBeUndefined()
    await world.runtime.advance(10_000)
    expect(sessions[0].handle.ended).toMatchObject({ reason: 'TOKEN_EXPIRED' })
    expect(sessions[1].handle.ended).toBeUndefined()
  })
})

describe('rates', () => {
  test('operations above a rate wait their turn; none is taken away', async () => {
    const world = await World.start({ limits: { sessionOperationsPerSecond: 2 } })
    const ada = await world.open('ada')
    for (let i = 0; i < 2; i++) await ada.commit(i + 1, i, delta(i, { insert: 'x' }))
    ada.send(3, 2, delta(2, { insert: 'y' }))
    ada.send(3, 2, delta(2, { insert: 'y' }))
    expect(brief(await ada.read())).toEqual(['ack 1@1', 'ack 2@2'])
    await world.runtime.advance(1_000)
    expect(brief(await ada.read())).toEqual(['ack 3@3'])
    expect(await world.text()).toBe('yxx')
  })

  test('a flood of what already waits ends the session', async () => {
    const world = await World.start({ limits: { sessionOperationsPerSecond: 1 } })
    const ada = await world.open('ada')
    await ada.commit(1, 0, delta(0, { insert: 'x' }))
    for (let i = 0; i < 20; i++) ada.send(2, 1, delta(1, { insert: 'y' }))
    await world.settle()
    expect(ada.handle.ended).toMatchObject({ reason: 'RATE_LIMITED' })
  })

  test('a user has one rate over all his sessions, others are not touched', async () => {
    const world = await World.start({ limits: { userOperationsPerSecond: 1, userBurst: 2 } })
    const [one, two, bob] = [await world.open('ada'), await world.open('ada'), await world.open('bob')]
    await one.commit(1, 0, delta(0, { insert: 'a' }))
    await two.commit(1, 1, delta(1, { insert: 'b' }))
    two.send(2, 2, delta(2, { insert: 'c' }))
    await world.settle()
    await bob.commit(1, 2, delta(2, { insert: '!' }))
    expect(brief(await two.read())).toEqual(['change 1', 'ack 1@2', 'change 3'])
    await world.runtime.advance(1_000)
    expect(brief(await two.read())).toEqual(['ack 2@4'])
  })
})

describe('a stream', () => {
  test('a second open ends it', async () => {
    const ada = await (await World.start()).open('ada')
    ada.handle.receive({ kind: 'open', open: OPEN })
    expect(ada.handle.ended).toMatchObject({ reason: 'FRAME_MALFORMED' })
  })

  test('a submit for another session than its own ends it', async () => {
    const world = await World.start()
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    bob.handle.receive({ kind: 'submit', submit: ada.submitOf(1, 0, delta(0, { insert: 'x' })) })
    expect(bob.handle.ended).toMatchObject({ reason: 'SESSION_UNKNOWN' })
    expect(ada.handle.ended).toBeUndefined()
  })

  test('frames outside the order are bounded', async () => {
    const world = await World.start({ limits: { controlFrames: 4 } })
    const vic = await world.open('vic')
    for (let seq = 1; seq < 10; seq++) vic.send(seq, 0, delta(0, { insert: 'x' }))
    await world.settle()
    expect(vic.handle.ended).toMatchObject({ reason: 'RATE_LIMITED' })
    expect(vic.handle.pull(1_000_000)).toHaveLength(4)
  })

  test('titles and deletion are told', async () => {
    const world = await World.start()
    const [ada, bob] = [await world.open('ada'), await world.open('bob')]
    world.server.access.titleChanged(DOC, 'Better')
    expect(await bob.read()).toEqual([{ kind: 'notice', notice: { kind: 'title', title: 'Better' } }])
    expect((await world.open('vic')).opened.title).toBe('Better')
    await world.stores.documents.delete(DOC, 1)
    world.server.access.deleted(DOC)
    expect(brief(await ada.read())).toEqual(['notice title', 'notice deleted'])
    expect(ada.handle.ended).toMatchObject({ reason: 'DOCUMENT_NOT_FOUND' })
    expect(await refusal(world, person('ada'))).toMatchObject({ reason: 'DOCUMENT_NOT_FOUND' })
  })
})

test('documents are read at the head and in the past', async () => {
  const world = await World.start({ limits: { snapshotOperations: 2 } })
  const ada = await world.open('ada')
  for (let i = 0; i < 6; i++) await ada.commit(i + 1, i, delta(i, { insert: String(i) }))
  const { access } = world.server
  const texts: string[] = []
  for (const version of [0, 1, 4, 6, undefined]) {
    const state = await world.finish(access.read(DOC, version))
    texts.push(state.kind === 'state' ? `${state.version}/${state.epoch} ${state.text.toString()}` : state.error.reason)
  }
  expect(texts).toEqual(['0/0 ', '1/1 0', '4/1 3210', '6/1 543210', '6/1 543210'])
  expect(await world.finish(access.read(DOC, 7))).toMatchObject({ kind: 'failure', error: { reason: 'VERSION_AHEAD' } })
  expect(await world.finish(access.head(DOC))).toBe(6)
})

test('a document with many editors is told as hot; readers do not count', async () => {
  const world = await World.start({ limits: { hotEditors: 2 } })
  for (const user of ['ada', 'bob', 'vic', 'vic']) await world.open(user)
  await world.runtime.advance(1_000)
  expect(world.telemetry.gauges.get('hot_documents')).toBe(0)
  await world.open('bob')
  await world.runtime.advance(1_000)
  expect(world.telemetry.gauges.get('hot_documents')).toBe(1)
  expect(world.telemetry.gauges.get('active_sessions')).toBe(5)
})

test('R2 session: of opens of one client id that are let in at once all but one are told that they were replaced, and that one hears everything', async () => {
  const world = await World.start()
  const [ada, bob] = [await world.open('ada'), await world.open('bob')]
  const { clientId } = ada
  ada.handle.close()
  // The first asks the log who rules, the others wait for one answer together.
  const all = await Promise.allSettled([1, 2, 3].map(() => world.open('ada', { clientId, version: 0, epoch: 0 })))
  await bob.commit(1, 0, delta(0, { insert: 'x' }))
  const fates = await Promise.all(
    all.map(async (one) => {
      if (one.status === 'rejected') return String(one.reason.message)
      const { ended } = one.value.handle
      if (ended !== undefined && ended !== 'done') return ended.reason
      return (await one.value.read()).map(({ kind }) => kind).join()
    }),
  )
  expect(fates.sort()).toEqual(['SESSION_REPLACED', 'SESSION_REPLACED', 'change'])
})
