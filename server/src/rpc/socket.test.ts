import { packRecords } from '@concord/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertion } from './testing/fake-hub.ts'
import { testEdge } from './testing/test-edge.ts'
import { SocketPeer } from './testing/socket-peer.ts'
import { type Caller, openFrame, testServer, type TestServer } from './testing/test-server.ts'

let server: TestServer
let ada: Caller
beforeAll(async () => {
  server = await testServer({ edge: { streamsPerConnection: 3, sweepMs: 20 } })
  ada = await server.caller()
})
afterAll(() => server.close())

async function peer(user = 'ada'): Promise<SocketPeer> {
  return SocketPeer.welcome(server.url, await server.token({ user }))
}

async function opened(one: SocketPeer, channel: number, document: string) {
  one.frame(channel, { kind: 'open', open: openFrame(document) })
  const message = await one.on(channel)
  if (message.kind !== 'frame' || message.frame.kind !== 'opened') throw new Error(`not opened: ${JSON.stringify(message)}`)
  return message.frame.opened
}

describe('records on one socket', () => {
  test('R1 slot: two documents and presence on one socket; own commits are acks, those of others changes', async () => {
    await ada.create('one')
    await ada.create('two')
    const [left, right] = await Promise.all([peer(), peer()])
    const first = await opened(left, 1, 'documents/one')
    await opened(left, 2, 'documents/two')
    const other = await opened(right, 7, 'documents/one')
    left.frame(1, { kind: 'submit', submit: { session: first.session, clientId: first.clientId, seq: 1, baseVersion: 0, operation: insertion(0, 'hi') } })
    expect(await left.on(1)).toMatchObject({ kind: 'frame', frame: { kind: 'ack', ack: { seq: 1, version: 1 } } })
    expect(await right.on(7)).toMatchObject({ kind: 'frame', frame: { kind: 'change', change: { version: 1, author: { userId: 'ada' } } } })
    left.presence(3, { kind: 'open', document: 'documents/one', clientId: first.clientId, anonymous: false })
    right.presence(8, { kind: 'open', document: 'documents/one', clientId: other.clientId, anonymous: false })
    right.presence(8, { kind: 'state', state: { name: 'Ada', color: '#aabbcc', activity: 'typing', data: '' } })
    const seen = await left.until(({ message }) => message.kind === 'presence' && message.presence.updated.length > 0)
    expect(seen).toMatchObject({ channel: 3, message: { presence: { updated: [{ clientId: other.clientId, state: { activity: 'typing' } }] } } })
    left.socket.terminate()
    right.socket.terminate()
  })

  test('a channel ends with its own status, the others go on', async () => {
    await ada.create('alone')
    const one = await peer()
    await opened(one, 1, 'documents/alone')
    one.frame(2, { kind: 'open', open: openFrame('documents/none') })
    expect(await one.on(2)).toMatchObject({ kind: 'closed', error: { reason: 'DOCUMENT_NOT_FOUND' } })
    one.frame(2, { kind: 'progress', version: 0 })
    one.frame(1, { kind: 'open', open: openFrame('documents/alone') })
    expect(await one.on(1)).toMatchObject({ kind: 'closed', error: { reason: 'FRAME_MALFORMED' } })
    await opened(one, 1, 'documents/alone')
    one.socket.terminate()
  })

  test('as many channels as the limit says, and no more', async () => {
    await ada.create('many')
    const one = await peer()
    for (const channel of [1, 2, 3]) await opened(one, channel, 'documents/many')
    one.frame(4, { kind: 'open', open: openFrame('documents/many') })
    expect(await one.on(4)).toMatchObject({ kind: 'closed', error: { reason: 'RATE_LIMITED' } })
    one.say(3, { kind: 'close' })
    await opened(one, 5, 'documents/many')
    one.socket.terminate()
  })

  test('a malformed record ends its channel; a message cut off ends the socket', async () => {
    await ada.create('garbage')
    const one = await peer()
    await opened(one, 1, 'documents/garbage')
    one.socket.send(packRecords([{ channel: 1, payload: new Uint8Array([0xff, 0xff, 0xff]) }]))
    expect(await one.on(1)).toMatchObject({ kind: 'closed', error: { reason: 'FRAME_MALFORMED' } })
    await opened(one, 2, 'documents/garbage')
    one.socket.send(new Uint8Array([2, 200]))
    expect(await one.on(0)).toMatchObject({ kind: 'closed', error: { reason: 'FRAME_MALFORMED' } })
    expect((await one.closed).code).toBe(1008)
  })
})

describe('who may connect', () => {
  test('a bad token, a text message and a document before hello end the socket with the reason', async () => {
    const wrong = new SocketPeer(server.url)
    await wrong.connected()
    wrong.say(0, { kind: 'hello', token: 'nonsense', sdk: 'test' })
    expect(await wrong.on(0)).toMatchObject({ kind: 'closed', error: { reason: 'TOKEN_INVALID' } })
    const early = new SocketPeer(server.url)
    await early.connected()
    early.frame(1, { kind: 'open', open: openFrame('documents/one') })
    expect(await early.on(0)).toMatchObject({ kind: 'closed', error: { reason: 'FRAME_MALFORMED' } })
    const text = new SocketPeer(server.url)
    await text.connected()
    text.socket.send('hello')
    expect(await text.on(0)).toMatchObject({ kind: 'closed', error: { reason: 'FRAME_MALFORMED' } })
    for (const { closed } of [wrong, early, text]) expect((await closed).code).toBe(1008)
  })

  test('silence before hello ends the socket', async () => {
    const other = await testServer({ edge: { sweepMs: 10 } })
    const silent = new SocketPeer(other.url)
    await silent.connected()
    other.pass(6_000)
    expect(await silent.on(0)).toMatchObject({ kind: 'closed', error: { reason: 'IDLE_TIMEOUT' } })
    await silent.closed
    await other.close()
  })

  test('a foreign origin and another subprotocol are refused before the upgrade', async () => {
    const refused = (status: number) => expect.stringContaining(`${status}`) as string
    await expect(new SocketPeer(server.url, { origin: 'https://evil.example' }).connected()).rejects.toMatchObject({ message: refused(403) })
    await expect(new SocketPeer(server.url, {}, ['chat']).connected()).rejects.toMatchObject({ message: refused(400) })
    const own = new SocketPeer(server.url, { origin: server.url })
    await own.connected()
    own.socket.terminate()
  })

  test("a refresh with another user's token ends the socket, the same user's keeps it", async () => {
    await ada.create('renewed')
    const one = await peer()
    await opened(one, 1, 'documents/renewed')
    one.frame(1, { kind: 'refresh', token: await server.token() })
    await opened(one, 2, 'documents/renewed')
    one.frame(2, { kind: 'refresh', token: await server.token({ user: 'eve' }) })
    expect(await one.until(({ channel, message }) => channel === 0 && message.kind === 'closed')).toMatchObject({ message: { error: { reason: 'TOKEN_INVALID' } } })
  })
})

describe('peers that stop', () => {
  test('one that does not read is not pulled for, and gets everything once it reads', async () => {
    const edge = await testEdge({ limits: { socketBufferBytes: 256 * 1024 } })
    await edge.create('slow')
    const doc = edge.hub.documents.get('local/slow')!
    const slow = await SocketPeer.welcome(edge.url, await edge.token())
    await opened(slow, 1, 'documents/slow')
    slow.socket.pause()
    const text = 'x'.repeat(60_000)
    const bob = { kind: 'identity', tenant: 'local', userId: 'bob', name: 'Bob', audience: 'concord', expiresAt: 0 } as const
    for (let version = 0; version < 500; version += 1) {
      edge.hub.commit(doc, bob, { session: '', clientId: '0000000000000bbb', seq: version + 1, baseVersion: version, operation: insertion(version * text.length, text) })
      await new Promise((resolve) => setImmediate(resolve))
    }
    const [reader] = doc.sessions
    expect(reader!.pulled).toBeLessThan(400)
    slow.socket.resume()
    await slow.until(({ message }) => message.kind === 'frame' && message.frame.kind === 'change' && message.frame.change.version === 500)
    slow.socket.terminate()
    await edge.close()
  })

  test('one that answers no ping is cut off, one that does stays', async () => {
    const other = await testServer({ edge: { sweepMs: 10 } })
    const token = await other.token()
    const [alive, dead] = await Promise.all([SocketPeer.welcome(other.url, token), SocketPeer.welcome(other.url, token, { autoPong: false })])
    const pinged = [alive, dead].map(({ socket }) => new Promise((resolve) => socket.once('ping', resolve)))
    other.pass(26_000)
    await Promise.all(pinged)
    // Whatever is answered here was said after the pong.
    alive.frame(1, { kind: 'open', open: openFrame('documents/none') })
    await alive.on(1)
    other.pass(9_000)
    expect((await dead.closed).code).toBe(1006)
    expect(alive.socket.readyState).toBe(1)
    alive.socket.terminate()
    await other.close()
  })

  test('an expired token ends the socket after the grace', async () => {
    const other = await testServer({ edge: { sweepMs: 10, tokenGraceMs: 0 } })
    const one = await SocketPeer.welcome(other.url, await other.token({ lifetimeSeconds: 3 }))
    expect(await one.on(0)).toMatchObject({ kind: 'closed', error: { reason: 'TOKEN_EXPIRED' } })
    await other.close()
  })

  test('an idle socket is told to come back, then closed', async () => {
    const other = await testServer({ edge: { sweepMs: 10 } })
    await (await other.caller()).create('idle')
    const one = await SocketPeer.welcome(other.url, await other.token())
    await opened(one, 1, 'documents/idle')
    other.pass(301_000)
    expect(await one.until(({ message }) => message.kind === 'frame' && message.frame.kind === 'notice')).toMatchObject({ channel: 1, message: { frame: { notice: { kind: 'drain' } } } })
    expect(await one.on(0)).toMatchObject({ kind: 'closed', error: { reason: 'IDLE_TIMEOUT' } })
    await other.close()
  })
})
