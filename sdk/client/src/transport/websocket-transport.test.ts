import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeSocketServer } from '../../test/fake-socket-server.ts'
import { ReferenceServer } from '../../test/reference-server.ts'
import { type Client, connect } from '../client.ts'
import type { Document } from '../document.ts'
import { WebSocketTransport } from './websocket-transport.ts'

let server: FakeSocketServer
let url: string
const clients: Client[] = []

beforeEach(async () => {
  server = new FakeSocketServer(new ReferenceServer())
  url = await server.listen()
})

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await server.close()
})

function client(token: () => Promise<string> | string): Client {
  const made = connect({ url, token: async () => token(), transport: (context) => new WebSocketTransport(context) })
  clients.push(made)
  return made
}

function until(document: Document, name: 'status' | 'change', when: () => boolean): Promise<void> {
  if (when()) return Promise.resolve()
  return new Promise((resolve) => document.on(name, () => when() && resolve()))
}

test('two clients share a document over sockets', async () => {
  const one = await client(() => 'ann').open('documents/notes')
  const two = await client(() => 'bob').open('documents/notes')
  one.text.insert(0, 'héllo 😀', { bold: true })
  await one.saved()
  await until(two, 'change', () => two.text.toString() === 'héllo 😀')
  expect(two.attributes.at(0)).toEqual([['bold', true]])
  expect(two.confirmedHash).toBe(server.reference.content.hash())
})

test('a broken socket is made anew, edits wait for it', async () => {
  const document = await client(() => 'ann').open('documents/notes')
  for (const socket of server.sockets) socket.terminate()
  await until(document, 'status', () => document.status.connection === 'connecting')
  document.text.insert(0, 'kept')
  await document.saved()
  expect(server.reference.content.toString()).toBe('kept')
})

test('a refused token is asked for again', async () => {
  server.refused.add('old')
  const tokens = ['old', 'ann']
  const document = await client(() => tokens.shift()!).open('documents/notes')
  document.text.insert(0, 'in')
  await document.saved()
  expect(tokens).toEqual([])
})

test('presence travels on a channel of its own', async () => {
  const document = await client(() => 'ann').open('documents/notes')
  const came = new Promise<void>((resolve) => document.presence.on('change', (others) => others.length > 0 && resolve()))
  document.presence.set({ name: 'Ann', color: '#00ff00', selection: { anchor: 0, head: 0 } })
  await came
  expect(document.presence.others).toMatchObject([{ name: 'Zoe', userId: 'zoe' }])
  await expect.poll(() => server.heard.some((message) => message.kind === 'presence' && message.presence.kind === 'state')).toBe(true)
})

test('all documents of a client use one socket', async () => {
  const ann = client(() => 'ann')
  await Promise.all([ann.open('documents/a'), ann.open('documents/b'), ann.open('documents/c')])
  expect(server.sockets.size).toBe(1)
})
