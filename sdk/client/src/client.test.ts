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

test('a server that owes an answer and falls silent is taken for gone', async () => {
  const runtime = new VirtualRuntime()
  const server = new ReferenceServer()
  const { document, client } = await open(server, runtime, 'ann')
  client.silent = true
  document.text.insert(0, 'a')
  await runtime.advance(19_000)
  expect(document.status.connection).toBe('online')
  client.silent = false
  await runtime.advance(5_000)
  await document.saved()
  expect(client.opens).toBe(2)
  expect(server.content.toString()).toBe('a')
})

test('R10 disk: no submit leaves before the device has stored it, and typing does not wait for that', async () => {
  const runtime = new VirtualRuntime()
  const server = new ReferenceServer()
  const saves: (() => void)[] = []
  const storage = { claim: async () => undefined, save: () => new Promise<void>((resolve) => saves.push(resolve)), release: () => {} }
  const { client } = testClient(server, runtime, 'ann', { storage })
  const opening = client.open('documents/notes')
  await runtime.advance(1_000)
  const document = await opening
  saves.splice(0).forEach((done) => done())
  await runtime.advance(1_000)
  const changes: string[] = []
  document.on('change', (event) => changes.push(event.origin))
  document.text.insert(0, 'a')
  document.text.insert(1, 'b')
  await runtime.advance(100)
  expect(changes).toEqual(['local', 'local'])
  expect(server.head).toBe(0)
  for (let i = 0; i < 10; i++) {
    saves.splice(0).forEach((done) => done())
    await runtime.advance(300)
  }
  expect(server.content.toString()).toBe('ab')
})

test('R10 disk: a device that cannot store is tried again, and nothing leaves meanwhile', async () => {
  const runtime = new VirtualRuntime()
  const server = new ReferenceServer()
  let works = false
  const storage = { claim: async () => undefined, save: async () => (works ? undefined : Promise.reject(new Error('disk full'))), release: () => {} }
  const { client } = testClient(server, runtime, 'ann', { storage })
  const opening = client.open('documents/notes')
  await runtime.advance(10)
  const document = await opening
  document.text.insert(0, 'a')
  await runtime.advance(10_000)
  expect(server.head).toBe(0)
  works = true
  await runtime.advance(2_000)
  await document.saved()
  expect(server.content.toString()).toBe('a')
})

test('R9 reject: saved() rejects with the reason, the event has the edit', async () => {
  const runtime = new VirtualRuntime()
  const server = new ReferenceServer({ judge: (submit) => (submit.operation.text === 'bad' ? { reason: 'ATTRIBUTE_FORBIDDEN', message: 'no' } : 'commit') })
  const { document } = await open(server, runtime, 'ann')
  const returned: string[] = []
  document.on('rejected', (event) => returned.push(event.operation.text))
  document.text.insert(0, 'bad')
  const saved = document.saved()
  saved.catch(() => {})
  await runtime.advance(100)
  await expect(saved).rejects.toMatchObject({ reason: 'ATTRIBUTE_FORBIDDEN' })
  expect(returned).toEqual(['bad'])
  document.text.insert(0, 'good')
  await runtime.advance(100)
  await document.saved()
  expect(document.text.toString()).toBe('good')
})

test('undo and redo of a document, others kept', async () => {
  const runtime = new VirtualRuntime()
  const server = new ReferenceServer()
  const { document: one } = await open(server, runtime, 'ann')
  const { document: two } = await open(server, runtime, 'bob')
  one.text.insert(0, 'one')
  await runtime.advance(100)
  two.text.insert(3, 'two')
  await runtime.advance(100)
  expect(one.undo()).toBe(true)
  await runtime.advance(100)
  expect([one.text.toString(), two.text.toString()]).toEqual(['two', 'two'])
  expect(one.status).toMatchObject({ canUndo: false, canRedo: true })
  expect(one.redo()).toBe(true)
  await runtime.advance(100)
  expect(two.text.toString()).toBe('onetwo')
  expect(two.undo() && two.text.toString()).toBe('one')
})

test('the feed has every version with its author and notation', async () => {
  const runtime = new VirtualRuntime()
  const server = new ReferenceServer()
  const { document: one } = await open(server, runtime, 'ann')
  const { document: two } = await open(server, runtime, 'bob')
  const lines: string[] = []
  one.on('committed', ({ version, author, own, notation }) => lines.push(`${version} ${author?.userId} ${own ? 'own' : 'other'} ${notation.replace(/@\S+ /, '')}`))
  one.text.insert(0, 'hello')
  await runtime.advance(100)
  two.text.delete(0, 2)
  await runtime.advance(100)
  expect(lines).toEqual(['1 ann own +hello', '2 bob other -2'])
})

test('a document that ended is opened anew, its pending edits handed back before', async () => {
  const runtime = new VirtualRuntime()
  const server = new ReferenceServer()
  const { document, client } = await open(server, runtime, 'ann')
  const stranded: string[] = []
  document.on('stranded', (event) => stranded.push(event.operation.text))
  client.silent = true
  document.text.insert(0, 'mine')
  const saved = document.saved().catch((error: { readonly reason: string }) => error.reason)
  server.end({ reason: 'DOCUMENT_NOT_FOUND', message: 'deleted' })
  await runtime.advance(10)
  expect(document.status).toMatchObject({ connection: 'offline', canEdit: false, error: { reason: 'DOCUMENT_NOT_FOUND' } })
  expect(await saved).toBe('DOCUMENT_NOT_FOUND')
  client.silent = false
  expect(stranded).toEqual(['mine'])
  const opening = client.client.open('documents/notes')
  await runtime.advance(100)
  const again = await opening
  expect(again).not.toBe(document)
  await document.close()
  again.text.insert(0, 'new')
  await runtime.advance(100)
  await again.saved()
  expect(server.content.toString()).toBe('new')
})
