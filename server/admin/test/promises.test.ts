import { Role } from '@concord/proto'
import { connect, type Document } from '@concord/client'
import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { SyncService } from '@concord/proto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connection, developmentToken } from '../src/connection.ts'
import { startTestServer, type TestServer } from './in-process.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(async () => {
  await server.stop()
  await server.remove()
})

const tokenOf = (user: string) => () => developmentToken(server.url, user)
const clientOf = (user: string) => connect({ url: server.url, token: tokenOf(user) })

async function create(id: string, ...editors: string[]): Promise<string> {
  const { documents } = connection(server.url, tokenOf('ada'))
  await documents.createDocument({ documentId: id, document: { type: 'text' } })
  for (const userId of editors) await documents.setGrant({ document: `documents/${id}`, grant: { userId, role: Role.EDITOR } })
  return `documents/${id}`
}

/** Resolves when the document shows `text`. */
function shows(document: Document, text: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (document.text.toString() === text) resolve()
    }
    document.on('change', look)
    look()
  })
}

test('P7 both characters stay: two users who type the same letter at the same place get two', async () => {
  const name = await create('both', 'bob')
  const clients = [clientOf('ada'), clientOf('bob')]
  const documents = await Promise.all(clients.map((client) => client.open(name)))
  for (const client of clients) client.goOffline()
  for (const document of documents) document.text.insert(0, 'x')
  for (const client of clients) client.goOnline()
  await Promise.all(documents.map((document) => shows(document, 'xx')))
  await Promise.all(clients.map((client) => client.close()))
})

test('P6 limits: an operation above the limit is refused by name, changes nothing and disturbs nobody', async () => {
  const name = await create('limits')
  const client = clientOf('ada')
  const document = await client.open(name)
  document.text.insert(0, 'kept')
  await document.saved()

  const token = await tokenOf('ada')()
  const sync = createClient(SyncService, createConnectTransport({ baseUrl: server.url, httpVersion: '2' }))
  const headers = { authorization: `Bearer ${token}` }
  const { opened } = await sync.open({ open: { document: name, sdk: 'test/1' } }, { headers })
  const text = 'x'.repeat(64 * 1024 + 1)
  const submit = { session: opened?.session ?? 0n, clientId: opened?.clientId ?? 0n, seq: 1n, baseVersion: 1n, operation: { baseLength: 4, components: [text.length * 4 + 1], text } }
  const { decision } = await sync.submit({ document: name, submit }, { headers })
  expect(decision).toMatchObject({ case: 'reject', value: { status: { code: 3 } } })
  expect(JSON.stringify(decision, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value))).toContain('OPERATION_TOO_LARGE')

  document.text.insert(4, ' and more')
  await document.saved()
  expect([document.version, document.text.toString()]).toEqual([2, 'kept and more'])
  await client.close()
})
