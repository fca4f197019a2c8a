import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, connect, type ConnectOptions, type Document, WebSocketTransport } from './src/index.ts'
import { grpcStreams, streams, watching } from './src/node.ts'
import { WatchTransport } from './src/transport/watch-transport.ts'
import { callsOf } from './src/unary.ts'
import { type LiveServer, startServer } from './test/live-server.ts'

/** Every way a session can be carried, against a server in a process of its own. */
const WAYS: Readonly<Record<string, NonNullable<ConnectOptions['transport']>>> = {
  websocket: (context) => new WebSocketTransport(context),
  'connect streams': streams,
  'grpc streams': grpcStreams,
  'watch and submit over HTTP/2': watching,
  'watch and submit': (context) => new WatchTransport(callsOf(context.url, context.token), context.runtime),
}

let server: LiveServer
const clients: Client[] = []

beforeAll(async () => {
  server = await startServer()
})

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()))
  await server?.stop()
})

function client(user: string, transport: NonNullable<ConnectOptions['transport']>): Client {
  const made = connect({ url: server.url, token: server.token(user), transport })
  clients.push(made)
  return made
}

function until(document: Document, when: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (when()) resolve()
    }
    document.on('change', check)
    document.presence.on('change', check)
    check()
  })
}

test.each(Object.entries(WAYS))('%s: two people edit one document, see each other, and agree', async (way, transport) => {
  const [ada, bob] = [client('ada', transport), client('bob', transport)]
  const { name } = await ada.documents.create({ title: way })
  await ada.documents.share(name, 'bob', 'editor')
  const [one, two] = [await ada.open(name), await bob.open(name)]
  for (let i = 0; i < 40; i++) {
    one.text.insert(0, 'a')
    two.text.insert(two.text.length, 'b')
    if (i % 4 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all([one.saved(), two.saved()])
  one.presence.set({ name: 'Ada', color: '#112233', selection: { anchor: 3, head: 5 } })
  const text = 'a'.repeat(40) + 'b'.repeat(40)
  await Promise.all([until(one, () => one.text.toString() === text), until(two, () => two.text.toString() === text)])
  await until(two, () => two.presence.others.some((other) => other.name === 'Ada' && other.selection?.head === 5))
  expect(one.confirmedHash).toBe(two.confirmedHash)
  expect(one.status).toMatchObject({ connection: 'online', pending: 0, role: 'owner', durability: 'local' })
})

test.each(Object.entries(WAYS))('%s: errors say what happened and what to do', async (_, transport) => {
  const ada = client('ada', transport)
  await expect(ada.open('documents/nowhere')).rejects.toMatchObject({ name: 'ConcordError', code: 'NOT_FOUND', reason: 'DOCUMENT_NOT_FOUND', advice: 'stop' })
  await expect(ada.documents.get('documents/nowhere')).rejects.toMatchObject({ reason: 'DOCUMENT_NOT_FOUND' })
})

test.each(Object.entries(WAYS))('%s: a viewer reads and cannot write; made an editor he can', async (_, transport) => {
  const [ada, bob] = [client('ada', transport), client('bob', transport)]
  const { name } = await ada.documents.create({})
  await ada.documents.share(name, 'bob', 'viewer')
  const document = await bob.open(name)
  expect(document.status.canEdit).toBe(false)
  expect(() => document.text.insert(0, 'x')).toThrow('editor')
  const promoted = new Promise<void>((resolve) => document.on('status', (status) => status.canEdit && resolve()))
  await ada.documents.share(name, 'bob', 'editor')
  await promoted
  document.text.insert(0, 'x')
  await document.saved()
})
