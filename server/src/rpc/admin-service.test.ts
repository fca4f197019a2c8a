import { AdminService } from '@concord/proto'
import { createClient } from '@connectrpc/connect'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from './testing/eventually.ts'
import { insertion } from './testing/fake-hub.ts'
import { type Caller, testServer, type TestServer } from './testing/test-server.ts'

const NOT_FOUND = 5
const PERMISSION_DENIED = 7

let server: TestServer
let ada: Caller
beforeAll(async () => {
  server = await testServer({ core: { snapshotOperations: 4, snapshotShare: 0.01 } })
  ada = await server.caller()
  await ada.create('snapped')
  for (let length = 0; length < 20; length += 1) await ada.edit('documents/snapped', () => insertion(length, 'x'), length)
})
afterAll(() => server.close())

test('a snapshot says what it claims: hash, checksum, length, clients, and the content on demand', async () => {
  const admin = createClient(AdminService, ada.transport)
  const read = () => admin.getSnapshot({ document: 'documents/snapped', content: true }).then(({ snapshot }) => snapshot, () => undefined)
  await eventually(read).toBeDefined()
  const snapshot = (await read())!
  const stored = await server.stores.snapshots.latest({ tenant: 'local', id: 'snapped' }, Number(snapshot.version))
  if (stored === undefined || 'corrupt' in stored) throw new Error('no snapshot')
  expect(Buffer.from(snapshot.checksum).toString('hex')).toBe(stored.checksum)
  expect([snapshot.length, snapshot.hash.toString(16).padStart(16, '0')]).toEqual([stored.length, stored.hash])
  expect(snapshot.content.map(({ text }) => text).join('')).toBe('x'.repeat(stored.length))
  expect(snapshot.clients.length).toBeGreaterThan(0)
  expect(snapshot.clients.every(({ userId }) => userId === 'ada')).toBe(true)
  await expect(admin.getSnapshot({ document: 'documents/snapped', atMost: 1n })).rejects.toMatchObject({ code: NOT_FOUND })
})

test('is for operators, and in development for owners', async () => {
  const ask = async (request: object, from = server) => createClient(AdminService, (await from.caller(request)).transport).getSnapshot({ document: 'documents/snapped' })
  expect((await ask({ audience: 'concord-admin', user: 'root' })).snapshot).toBeDefined()
  await expect(ask({ user: 'eve' })).rejects.toMatchObject({ code: NOT_FOUND })
  await ada.documents.setGrant({ document: 'documents/snapped', grant: { userId: 'bob', role: 3 } })
  await expect(ask({ user: 'bob' })).rejects.toMatchObject({ code: PERMISSION_DENIED })
  const production = await testServer({ development: false })
  await expect(ask({}, production)).rejects.toMatchObject({ code: PERMISSION_DENIED })
  await production.close()
})
