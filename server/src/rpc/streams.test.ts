import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'
import { create, toBinary } from '@bufbuild/protobuf'
import { SyncRequestSchema, WatchRequestSchema } from '@concord/proto'
import { type ClientFrame, clientFrameToProto, openToProto, decodeServerMessage } from '@concord/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { envelope } from './channel.ts'
import { EnvelopeReader } from './envelope-reader.ts'
import { eventually } from './testing/eventually.ts'
import { insertion } from './testing/fake-hub.ts'
import { rawCall } from './testing/raw-call.ts'
import { testEdge, type TestEdge } from './testing/test-edge.ts'
import { openFrame, testServer } from './testing/test-server.ts'

let edge: TestEdge
let token: string
let session: ClientHttp2Session
beforeAll(async () => {
  edge = await testEdge({ limits: { sweepMs: 20 } })
  token = await edge.token()
})
afterAll(() => edge.close())
beforeEach(() => {
  session = connect(edge.url)
})
afterEach(() => session.destroy())

interface Watcher {
  readonly stream: ClientHttp2Stream
  readonly chunks: Buffer[]
  frames(): string[]
}

/** A watch by gRPC that keeps what it hears, chunk by chunk. */
async function watch(document: string, on = session, head: Record<string, string> = {}): Promise<Watcher> {
  const stream = on.request({ ':method': 'POST', ':path': '/concord.v1.SyncService/Watch', 'content-type': 'application/grpc', te: 'trailers', authorization: `Bearer ${token}`, ...head })
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined)
  stream.end(envelope(0, toBinary(WatchRequestSchema, create(WatchRequestSchema, { open: openToProto(openFrame(document)) }))))
  const frames = (): string[] => {
    const envelopes = new EnvelopeReader(1 << 20).push(Buffer.concat(chunks))
    if ('reason' in envelopes) throw new Error(envelopes.message)
    return envelopes.map(({ payload }) => {
      const frame = decodeServerMessage(payload)
      return frame !== undefined && frame.kind === 'change' ? `change ${frame.change.version}` : (frame?.kind ?? 'unknown')
    })
  }
  await eventually(frames).toEqual(['opened'])
  return { stream, chunks, frames }
}

function commit(id: string, times: number, text = 'x'): void {
  const doc = edge.hub.documents.get(`local/${id}`)!
  const identity = { kind: 'identity', tenant: 'local', userId: 'bob', name: 'Bob', audience: 'concord', expiresAt: 0 } as const
  for (let index = 0; index < times; index += 1) {
    const submit = { session: '', clientId: '0000000000000bbb', seq: index + 1, baseVersion: doc.changes.length, operation: insertion(doc.text.length, text) }
    expect(edge.hub.commit(doc, identity, submit).kind).toBe('ack')
  }
}

describe('what is due', () => {
  test('in one turn leaves in one write', async () => {
    await edge.create('turn')
    const watcher = await watch('documents/turn')
    watcher.chunks.length = 0
    commit('turn', 8)
    await eventually(watcher.frames).toEqual(Array.from({ length: 8 }, (_, index) => `change ${index + 1}`))
    expect(watcher.chunks).toHaveLength(1)
  })

  test('is encoded once, however many read it', async () => {
    await edge.create('shared')
    const watchers = await Promise.all(Array.from({ length: 20 }, () => watch('documents/shared')))
    const made = edge.hub.made
    commit('shared', 5)
    for (const watcher of watchers) await eventually(() => watcher.frames().length).toBe(6)
    expect(edge.hub.made - made).toBe(5)
    const [first] = edge.hub.documents.get('local/shared')!.changes
    expect(first!.enveloped()).toBe(first!.enveloped())
    expect(first!.message().buffer).toBe(first!.enveloped().buffer)
  })

  test('waits for a reader that does not read, and costs the others nothing', async () => {
    await edge.create('slow')
    const slowSession = connect(edge.url, { settings: { initialWindowSize: 1024 } })
    const slow = await watch('documents/slow', slowSession)
    const quick = await watch('documents/slow')
    slow.stream.pause()
    commit('slow', 400, 'x'.repeat(2000))
    await eventually(() => quick.frames().length).toBe(401)
    const reader = [...edge.hub.documents.get('local/slow')!.sessions][0]!
    expect(reader.pulled).toBeLessThan(200)
    slow.stream.resume()
    await eventually(() => slow.frames().length).toBe(401)
    slowSession.destroy()
  })
})

describe('the end of a stream', () => {
  test('a peer that leaves takes its session with it', async () => {
    await edge.create('left')
    const { sessions } = edge.hub.documents.get('local/left')!
    const watcher = await watch('documents/left')
    expect(sessions.size).toBe(1)
    watcher.stream.close(8)
    await eventually(() => sessions.size).toBe(0)
    await watch('documents/left')
    session.destroy()
    await eventually(() => sessions.size).toBe(0)
  })

  test('the deadline of the call', async () => {
    await edge.create('deadline')
    const watcher = await watch('documents/deadline', session, { 'grpc-timeout': '100m' })
    const trailers = await new Promise<Record<string, unknown>>((resolve) => watcher.stream.once('trailers', resolve))
    expect(trailers['grpc-status']).toBe('4')
  })

  test('a first message that never comes, and a token that runs out', async () => {
    const quick = await testEdge({ limits: { sweepMs: 10, firstMessageMs: 100, tokenGraceMs: 0 } })
    await quick.create('short')
    const authorization = `Bearer ${await quick.token({ lifetimeSeconds: 3 })}`
    const silent = await rawCall(quick.url, 'concord.v1.SyncService/Sync', 'grpc', new Uint8Array(0), { authorization }, true)
    expect(silent).toMatchObject({ code: 4, reason: 'IDLE_TIMEOUT' })
    const open = request({ kind: 'open', open: openFrame('documents/short') })
    expect(await rawCall(quick.url, 'concord.v1.SyncService/Sync', 'grpc', open, { authorization }, true)).toMatchObject({ code: 16, reason: 'TOKEN_EXPIRED' })
    await quick.close()
  })

  test('a client that has said everything still hears the answers, then the end', async () => {
    const quick = await testEdge({ limits: { halfClosedMs: 300 } })
    await quick.create('half')
    const submit = { session: '0000000000000001', clientId: '0000000000000001', seq: 1, baseVersion: 0, operation: insertion(0, 'hi') }
    const body = Buffer.concat([request({ kind: 'open', open: openFrame('documents/half') }), request({ kind: 'submit', submit })])
    expect(await rawCall(quick.url, 'concord.v1.SyncService/Sync', 'grpc', body, { authorization: `Bearer ${await quick.token()}` })).toMatchObject({ code: 0 })
    expect(quick.hub.documents.get('local/half')!.text.toString()).toBe('hi')
    await quick.close()
  })

  test("a refresh with another user's token", async () => {
    await edge.create('refreshed')
    const authorization = `Bearer ${token}`
    const body = Buffer.concat([request({ kind: 'open', open: openFrame('documents/refreshed') }), request({ kind: 'refresh', token: await edge.token({ user: 'eve' }) })])
    expect(await rawCall(edge.url, 'concord.v1.SyncService/Sync', 'grpc', body, { authorization }, true)).toMatchObject({ code: 16, reason: 'TOKEN_INVALID' })
  })

  test('silence and age: a notice, then the reason', async () => {
    const server = await testServer({ edge: { sweepMs: 10 } })
    await (await server.caller()).create('idle')
    const own = connect(server.url)
    token = await server.token()
    const watcher = await watch('documents/idle', own)
    server.pass(301_000)
    const trailers = await new Promise<Record<string, unknown>>((resolve) => watcher.stream.once('trailers', resolve))
    expect([trailers['grpc-status'], watcher.frames()]).toEqual(['4', ['opened', 'notice']])
    token = await edge.token()
    own.destroy()
    await server.close()
  })

  test('closing the server ends streams with DRAINING, and takes no new ones', async () => {
    const leaving = await testEdge()
    await leaving.create('drained')
    const own = connect(leaving.url)
    const watcher = await watch('documents/drained', own, { authorization: `Bearer ${await leaving.token()}` })
    leaving.edge.drain()
    const refused = await rawCall(leaving.url, 'concord.v1.SyncService/Watch', 'grpc', new Uint8Array(0), { authorization: `Bearer ${await leaving.token()}` })
    expect(refused).toMatchObject({ code: 14, reason: 'DRAINING' })
    const trailers = new Promise<Record<string, unknown>>((resolve) => watcher.stream.once('trailers', resolve))
    const closed = leaving.edge.close(1000)
    expect((await trailers)['grpc-status']).toBe('14')
    await closed
    own.destroy()
  })
})

describe('refused as the stock handlers do', () => {
  test('grpc-web-text, bidi over HTTP/1.1, another verb', async () => {
    const url = `${edge.url}/concord.v1.SyncService/Sync`
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/connect+proto', 'connect-protocol-version': '1' }
    expect((await fetch(url, { method: 'POST', headers, body: 'x' })).status).toBe(505)
    const watchUrl = `${edge.url}/concord.v1.SyncService/Watch`
    expect((await fetch(watchUrl, { method: 'POST', headers: { ...headers, 'content-type': 'application/grpc-web-text' }, body: 'x' })).status).toBe(415)
    expect((await fetch(watchUrl, { headers })).status).toBe(405)
  })

  test('the log finds a refusal by the id that its caller got, and strangers do not fill it', async () => {
    const watchPath = 'concord.v1.SyncService/Watch'
    const body = envelope(0, toBinary(WatchRequestSchema, create(WatchRequestSchema, { open: openToProto(openFrame('documents/none')) })))
    await rawCall(edge.url, watchPath, 'grpc', body, { authorization: `Bearer ${token}`, 'x-request-id': 'find-me-in-the-log' })
    await rawCall(edge.url, watchPath, 'grpc', body, { 'x-request-id': 'stranger-at-the-door' })
    expect(edge.logged.filter((line) => line.includes('find-me-in-the-log'))).toEqual([expect.stringMatching(/^info a stream was refused .*DOCUMENT_NOT_FOUND/)])
    expect(edge.logged.filter((line) => line.includes('stranger-at-the-door'))).toEqual([expect.stringMatching(/^debug .*TOKEN_MISSING/)])
    expect(edge.logged.join()).not.toContain(token)
  })

  test('an encoding that is not known', async () => {
    const answer = await rawCall(edge.url, 'concord.v1.SyncService/Watch', 'grpc', new Uint8Array(5), { authorization: `Bearer ${token}`, 'grpc-encoding': 'zstd' })
    expect(answer).toMatchObject({ code: 12, reason: 'NOT_SERVED' })
  })
})

function request(frame: ClientFrame): Uint8Array {
  return envelope(0, toBinary(SyncRequestSchema, create(SyncRequestSchema, { frame: clientFrameToProto(frame) })))
}
