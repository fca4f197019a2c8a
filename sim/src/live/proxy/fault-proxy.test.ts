import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { KeyedRandom } from '../../kernel/keyed-random.ts'
import { type LinkModel, PERFECT } from '../../plan/link-model.ts'
import { FaultProxy } from './fault-proxy.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A server that says back what it hears, and the sockets it has. */
async function echo() {
  const sockets: Socket[] = []
  const heard: Buffer[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => {
      heard.push(bytes)
      socket.write(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    sockets.forEach((socket) => socket.destroy())
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, sockets, heard }
}

async function through(model: Partial<LinkModel> = {}) {
  const server = await echo()
  const proxy = await FaultProxy.listen({ host: '127.0.0.1', port: server.port }, { ...PERFECT, ...model }, new KeyedRandom(1, 'proxy'))
  closing.push(() => proxy.close())
  return { server, proxy, client: await client(proxy.port) }
}

async function client(port: number) {
  const socket = connect(port, '127.0.0.1')
  const pieces: Buffer[] = []
  let ended: string | undefined
  socket.on('data', (bytes: Buffer) => pieces.push(bytes))
  socket.on('error', (error: NodeJS.ErrnoException) => (ended = error.code))
  socket.on('close', () => (ended ??= 'closed'))
  closing.push(() => socket.destroy())
  await until(() => !socket.connecting)
  const text = () => Buffer.concat(pieces).toString()
  return { socket, pieces, text, has: (length: number) => until(() => Buffer.concat(pieces).length >= length), ended: () => until(() => ended !== undefined).then(() => ended) }
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2))
}

/** Whoever waits for something that must not come waits until something else, sent later elsewhere, has come and gone. */
async function roundTrips(port: number, count = 5): Promise<void> {
  const other = await client(port)
  for (let i = 1; i <= count; i += 1) {
    other.socket.write('x')
    await other.has(i)
  }
}

test('bytes pass unchanged, cut into pieces no larger than the model says', async () => {
  const { client, server } = await through({ sliceBytes: 7 })
  const sent = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7) % 251))
  client.socket.write(sent)
  await client.has(sent.length)
  expect(Buffer.concat(client.pieces).equals(sent)).toBe(true)
  expect(server.heard.length).toBeGreaterThan(1)
})

test('what is sent later does not arrive earlier, whatever delay is drawn', async () => {
  const { client } = await through({ delayMs: 2, delayP99Ms: 40, sliceBytes: 3 })
  const sent = Array.from({ length: 60 }, (_, index) => `${index};`)
  for (const part of sent) client.socket.write(part)
  await client.has(sent.join('').length)
  expect(client.text()).toBe(sent.join(''))
})

test('a delay holds bytes back for at least its time, each way', async () => {
  const { client } = await through({ delayMs: 30, delayP99Ms: 30 })
  const began = performance.now()
  client.socket.write('slow')
  await client.has(4)
  expect(performance.now() - began).toBeGreaterThanOrEqual(59)
})

test('bandwidth holds bytes back for at least their time', async () => {
  const { client } = await through({ bandwidth: 100_000 })
  const began = performance.now()
  client.socket.write(Buffer.alloc(10_000))
  await client.has(10_000)
  expect(performance.now() - began).toBeGreaterThanOrEqual(99)
})

test('a full window stops the sender; what it holds comes when the way is free', async () => {
  const { client, proxy, server } = await through({ window: 65_536 })
  proxy.block('up', 'test')
  const sent = Buffer.alloc(8_000_000, 'w')
  let isDone = false
  client.socket.write(sent, () => (isDone = true))
  const open = await FaultProxy.listen({ host: '127.0.0.1', port: server.port }, PERFECT, new KeyedRandom(1, 'other'))
  closing.push(() => open.close())
  await roundTrips(open.port)
  expect(isDone).toBe(false)
  proxy.unblock('up', 'test')
  await client.has(sent.length)
  expect(isDone).toBe(true)
})

test('a cut is a reset for the client, and the server still gets what was under way before its own', async () => {
  const { client, proxy, server } = await through({ delayMs: 20, delayP99Ms: 20 })
  client.socket.write('last words')
  await until(() => server.sockets.length === 1)
  let isGone = false
  server.sockets[0]!.on('close', () => (isGone = true))
  await new Promise((resolve) => client.socket.write('', resolve))
  await new Promise((resolve) => setTimeout(resolve, 5))
  proxy.cut()
  expect(await client.ended()).toBe('ECONNRESET')
  await until(() => isGone)
  expect(Buffer.concat(server.heard).toString()).toBe('last words')
  await until(() => proxy.connections === 0)
})

test('a hang passes nothing and tells nobody, and ends with everything in order', async () => {
  const { client, proxy, server } = await through()
  const open = await FaultProxy.listen({ host: '127.0.0.1', port: server.port }, PERFECT, new KeyedRandom(1, 'other'))
  closing.push(() => open.close())
  client.socket.write('a')
  await client.has(1)
  proxy.hang()
  client.socket.write('b')
  await roundTrips(open.port)
  expect([client.text(), client.socket.destroyed]).toEqual(['a', false])
  proxy.restore()
  await client.has(2)
  expect(client.text()).toBe('ab')
})

test('who gives up a connection that hangs is not missed by the other side', async () => {
  const { client, proxy, server } = await through()
  const open = await FaultProxy.listen({ host: '127.0.0.1', port: server.port }, PERFECT, new KeyedRandom(1, 'other'))
  closing.push(() => open.close())
  client.socket.write('a')
  await client.has(1)
  proxy.hang()
  client.socket.resetAndDestroy()
  await roundTrips(open.port)
  expect(server.sockets[0]?.destroyed).toBe(false)
  proxy.restore()
  await until(() => server.sockets[0]?.destroyed === true)
})

test('one way may be blocked alone', async () => {
  const { client, proxy, server } = await through()
  proxy.block('down', 'test')
  client.socket.write('up')
  await until(() => Buffer.concat(server.heard).toString() === 'up')
  expect(client.text()).toBe('')
  proxy.unblock('down', 'test')
  await client.has(2)
})

test('who refuses resets what stands and what comes, until restored', async () => {
  const { client: standing, proxy } = await through()
  standing.socket.write('a')
  await standing.has(1)
  proxy.refuse()
  expect(await standing.ended()).toBe('ECONNRESET')
  const refused = await client(proxy.port)
  expect(await refused.ended()).toBe('ECONNRESET')
  proxy.restore()
  await roundTrips(proxy.port)
})

test('an end passes on after the bytes before it; the other way stays open', async () => {
  const { client, server } = await through({ delayMs: 10, delayP99Ms: 10 })
  client.socket.end('bye')
  await client.has(3)
  await until(() => server.sockets[0]?.readableEnded === true)
  expect(client.text()).toBe('bye')
})

test('a server that is not there is a reset', async () => {
  const { proxy, server } = await through()
  expect(server.port).toBeGreaterThan(0)
  const nowhere = createServer()
  nowhere.listen(0, '127.0.0.1')
  await once(nowhere, 'listening')
  const { port } = nowhere.address() as AddressInfo
  nowhere.close()
  await once(nowhere, 'close')
  const lonely = await FaultProxy.listen({ host: '127.0.0.1', port }, PERFECT, new KeyedRandom(1, 'lonely'))
  closing.push(() => lonely.close())
  const visitor = await client(lonely.port)
  expect(await visitor.ended()).toBe('ECONNRESET')
  expect(proxy.url).toContain('127.0.0.1')
})
