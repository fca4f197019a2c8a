import { expect, test } from 'vitest'
import { testClient } from '../test/memory-client.ts'
import { ReferenceServer } from '../test/reference-server.ts'
import { settle, VirtualRuntime } from '../test/virtual-runtime.ts'
import type { Document } from './document.ts'

async function open(server: ReferenceServer, runtime: VirtualRuntime, userId: string): Promise<{ document: Document; client: ReturnType<typeof testClient> }> {
  const client = testClient(server, runtime, userId)
  const opening = client.client.open('documents/notes')
  await runtime.advance(10)
  return { document: await opening, client }
}

test('an edit shows at once, and with the others after the server has it', async () => {
  const runtime = new VirtualRuntime()
  const server = new ReferenceServer()
  const { document: one } = await open(server, runtime, 'ann')
  const { document: two } = await open(server, runtime, 'bob')
  const origins: string[] = []
  two.on('change', (event) => origins.push(event.origin))
  one.text.insert(0, 'hello')
  expect(one.text.toString()).toBe('hello')
  expect(two.text.toString()).toBe('')
  await runtime.advance(100)
  await one.saved()
  expect(two.text.toString()).toBe('hello')
  expect(origins).toEqual(['remote'])
  expect(one.status).toMatchObject({ connection: 'online', pending: 0, saving: false, version: 1 })
})

test('R3 resubmit: edits made while the connection is cut arrive once', async () => {
  const runtime = new VirtualRuntime()
  const server = new ReferenceServer()
  const { document, client } = await open(server, runtime, 'ann')
  document.text.insert(0, 'a')
  client.transport.cut()
  document.text.insert(1, 'b')
  expect(document.status).toMatchObject({ connection: 'connecting', pending: 2 })
  await runtime.advance(2_000)
  await document.saved()
  expect(server.fold().toString()).toBe('ab')
  expect(document.status.connection).toBe('online')
})

test('goOffline keeps edits, goOnline sends them', async () => {
  const runtime = new VirtualRuntime()
  const server = new ReferenceServer()
  const { document, client } = await open(server, runtime, 'ann')
  client.client.goOffline()
  expect(document.status.connection).toBe('offline')
  document.text.insert(0, 'later')
  await runtime.advance(60_000)
  expect(server.head).toBe(0)
  client.client.goOnline()
  await runtime.advance(2_000)
  await document.saved()
  expect(server.content.toString()).toBe('later')
})

test('close keeps what is pending, open brings it back', async () => {
  const runtime = new VirtualRuntime()
  const server = new ReferenceServer()
  const { document, client } = await open(server, runtime, 'ann')
  document.goOffline()
  document.text.insert(0, 'kept')
  await document.close()
  expect(() => document.text.insert(0, 'x')).toThrow('was closed')
  const again = await client.client.open('documents/notes')
  expect(again.text.toString()).toBe('kept')
  await runtime.advance(100)
  await again.saved()
  expect(server.content.toString()).toBe('kept')
})

test('an edit that does not fit throws and changes nothing', async () => {
  const runtime = new VirtualRuntime()
  const { document } = await open(new ReferenceServer(), runtime, 'ann')
  document.text.insert(0, 'a😀')
  expect(() => document.text.insert(2, 'x')).toThrow(RangeError)
  expect(() => document.text.delete(0, 9)).toThrow(RangeError)
  expect(() => document.text.insert(0, '\ud800')).toThrow(RangeError)
  expect(document.text.toString()).toBe('a😀')
})

test('a listener that edits sees its own edit after what caused it', async () => {
  const runtime = new VirtualRuntime()
  const server = new ReferenceServer()
  const { document: one } = await open(server, runtime, 'ann')
  const { document: two } = await open(server, runtime, 'bob')
  const seen: string[] = []
  two.on('change', (event) => {
    if (event.origin === 'remote') two.text.insert(two.text.length, '!')
  })
  two.on('change', (event) => seen.push(event.origin))
  one.text.insert(0, 'hi')
  await runtime.advance(100)
  await settle()
  expect(seen).toEqual(['remote', 'local'])
  expect(one.text.toString()).toBe('hi!')
})
