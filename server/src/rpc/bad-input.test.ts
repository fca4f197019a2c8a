import { gzipSync } from 'node:zlib'
import { create, toBinary } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { GetDocumentRequestSchema, SubmitRequestSchema, SyncRequestSchema, WatchRequestSchema } from '@concord/proto'
import { type ClientFrame, clientFrameToProto, idToBigint, openToProto } from '@concord/protocol'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { envelope } from './channel.ts'
import { insertion } from './testing/fake-hub.ts'
import { rawCall, type RawProtocol } from './testing/raw-call.ts'
import { SocketPeer } from './testing/socket-peer.ts'
import { type Caller, openFrame, testServer, type TestServer } from './testing/test-server.ts'

const INVALID_ARGUMENT = 3
const NOT_FOUND = 5
const PERMISSION_DENIED = 7
const RESOURCE_EXHAUSTED = 8
const UNAUTHENTICATED = 16
const STREAMS: readonly RawProtocol[] = ['connect', 'grpc', 'grpc-web']
const UNARY: readonly RawProtocol[] = ['connect-unary', 'grpc', 'grpc-web']
const GET = 'concord.v1.DocumentService/GetDocument'
const SYNC = 'concord.v1.SyncService/Sync'
const WATCH = 'concord.v1.SyncService/Watch'
const SUBMIT = 'concord.v1.SyncService/Submit'
const DOC = { tenant: 'local', id: 'target' }

let server: TestServer
let ada: Caller
let auth: Record<string, string>
let neighbour: SocketPeer
let before: { readonly version: number; readonly hash: string }

beforeAll(async () => {
  server = await testServer()
  ada = await server.caller()
  auth = { authorization: `Bearer ${await server.token()}` }
  await ada.create('target')
  await ada.edit('documents/target', (length) => insertion(length, 'hello 😀'), 0)
  neighbour = await SocketPeer.welcome(server.url, await server.token())
  neighbour.frame(1, { kind: 'open', open: openFrame('documents/target', { version: 1, epoch: 1 }) })
  expect(await neighbour.on(1)).toMatchObject({ frame: { kind: 'opened' } })
  before = await state()
})
afterAll(() => server.close())

async function state() {
  const found = await server.server.access.read(DOC)
  if (found.kind === 'failure') throw new Error(found.error.message)
  const { version } = await server.stores.opLog.head(DOC)
  return { version, hash: found.hash }
}

/** Nothing changed, nobody noticed, the process lives. */
afterEach(async () => {
  expect(await state()).toEqual(before)
  expect(neighbour.socket.readyState).toBe(1)
  expect((await ada.documents.getDocument({ name: 'documents/target' })).document?.version).toBe(BigInt(before.version))
})

const good = toBinary(GetDocumentRequestSchema, create(GetDocumentRequestSchema, { name: 'documents/target' }))
const watch = toBinary(WatchRequestSchema, create(WatchRequestSchema, { open: openToProto(openFrame('documents/target')) }))

function framed(protocol: RawProtocol, message: Uint8Array, flags = 0): Uint8Array {
  return protocol === 'connect-unary' ? message : envelope(flags, message)
}

const GARBAGE: readonly (readonly [string, Uint8Array])[] = [
  ['garbage', Buffer.from('ffffffffffffffffffff', 'hex')],
  ['a message cut off', good.subarray(0, good.length - 3)],
  ['invalid UTF-8', new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(new Uint8Array([0xc3, 0x28])).finish()],
  ['an encoded surrogate', new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(new Uint8Array([0xed, 0xa0, 0x80])).finish()],
  ['groups nested a hundred thousand deep', new Uint8Array(100_000).fill(0x73)],
  ['a field of the wrong kind', new BinaryWriter().tag(1, WireType.Bit64).fixed64(1n).finish()],
]

describe('bytes that are no message', () => {
  test.each(UNARY.flatMap((protocol) => GARBAGE.map(([name, bytes]) => [protocol, name, bytes] as const)))('%s, unary: %s', async (protocol, _, bytes) => {
    expect(await rawCall(server.url, GET, protocol, framed(protocol, bytes), auth)).toMatchObject({ code: INVALID_ARGUMENT, reason: 'FRAME_MALFORMED' })
  })

  test.each(STREAMS.flatMap((protocol) => [SYNC, WATCH].flatMap((path) => GARBAGE.map(([name, bytes]) => [protocol, path, name, bytes] as const))))('%s, %s: %s', async (protocol, path, _, bytes) => {
    expect(await rawCall(server.url, path, protocol, framed(protocol, bytes), auth)).toMatchObject({ code: INVALID_ARGUMENT, reason: 'FRAME_MALFORMED' })
  })

  test.each(STREAMS)('%s: garbage after a good frame ends that stream', async (protocol) => {
    const body = Buffer.concat([sync(protocol, { kind: 'open', open: openFrame('documents/target') }), framed(protocol, GARBAGE[0]![1])])
    expect(await rawCall(server.url, SYNC, protocol, body, auth, true)).toMatchObject({ code: INVALID_ARGUMENT, reason: 'FRAME_MALFORMED' })
  })

  test.each(STREAMS)('%s: flags that mean nothing, an envelope cut off, no message, two where one belongs', async (protocol) => {
    const refused = { code: INVALID_ARGUMENT, reason: 'FRAME_MALFORMED' }
    expect(await rawCall(server.url, WATCH, protocol, framed(protocol, watch, 0x40), auth)).toMatchObject(refused)
    expect(await rawCall(server.url, WATCH, protocol, framed(protocol, watch).subarray(0, 9), auth)).toMatchObject(refused)
    expect(await rawCall(server.url, WATCH, protocol, new Uint8Array(0), auth)).toMatchObject(refused)
    expect(await rawCall(server.url, WATCH, protocol, Buffer.concat([framed(protocol, watch), framed(protocol, watch)]), auth)).toMatchObject(refused)
  })

  test('JSON that is none, and a submit before open', async () => {
    const json = await fetch(`${server.url}/${GET}`, { method: 'POST', headers: { ...auth, 'content-type': 'application/json', 'connect-protocol-version': '1' }, body: '{"name":' })
    expect([json.status, ((await json.json()) as { code: string }).code]).toEqual([400, 'invalid_argument'])
    const early = sync('grpc', { kind: 'progress', version: 0 })
    expect(await rawCall(server.url, SYNC, 'grpc', early, auth)).toMatchObject({ code: INVALID_ARGUMENT, reason: 'FRAME_MALFORMED' })
  })

  test('a Connect call without its version', async () => {
    const { 'connect-protocol-version': _, ...headers } = { 'connect-protocol-version': '', ...auth }
    expect(await rawCall(server.url, GET, 'connect-unary', good, { ...headers, 'connect-protocol-version': '2' })).toMatchObject({ code: INVALID_ARGUMENT, reason: 'FRAME_MALFORMED' })
  })
})

describe('too much', () => {
  const tooLarge = { code: RESOURCE_EXHAUSTED, reason: 'FRAME_TOO_LARGE' }

  test.each(['grpc', 'grpc-web'] as const)('%s: an envelope of 4 GiB, an insert of 10 MB, a bomb', async (protocol) => {
    const giant = new Uint8Array([0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3])
    const insert = framed(protocol, new Uint8Array(10 * 1024 * 1024))
    const bomb = framed(protocol, gzipSync(new Uint8Array(64 * 1024 * 1024)), 1)
    for (const path of [SUBMIT, SYNC, WATCH]) {
      expect(await rawCall(server.url, path, protocol, giant, auth, true)).toMatchObject(tooLarge)
      expect(await rawCall(server.url, path, protocol, insert, auth)).toMatchObject(tooLarge)
      expect(await rawCall(server.url, path, protocol, bomb, { ...auth, 'grpc-encoding': 'gzip' })).toMatchObject(tooLarge)
    }
  })

  test('Connect: a body of 10 MB, a bomb, and the same over HTTP/1.1', async () => {
    expect(await rawCall(server.url, SUBMIT, 'connect-unary', new Uint8Array(10 * 1024 * 1024), auth)).toMatchObject(tooLarge)
    const bomb = gzipSync(new Uint8Array(64 * 1024 * 1024))
    expect(await rawCall(server.url, SUBMIT, 'connect-unary', bomb, { ...auth, 'content-encoding': 'gzip' })).toMatchObject(tooLarge)
    const headers = { ...auth, 'content-type': 'application/proto', 'connect-protocol-version': '1', 'content-encoding': 'gzip' }
    const old = await fetch(`${server.url}/${SUBMIT}`, { method: 'POST', headers, body: bomb })
    expect([old.status, ((await old.json()) as { code: string }).code]).toEqual([429, 'resource_exhausted'])
  })

  test('memory is back after a hundred bombs', async () => {
    const bomb = framed('grpc', gzipSync(new Uint8Array(16 * 1024 * 1024)), 1)
    const call = () => rawCall(server.url, SUBMIT, 'grpc', bomb, { ...auth, 'grpc-encoding': 'gzip' })
    await call()
    const start = process.memoryUsage().arrayBuffers
    for (let index = 0; index < 100; index += 1) expect(await call()).toMatchObject(tooLarge)
    globalThis.gc?.()
    expect(process.memoryUsage().arrayBuffers - start).toBeLessThan(64 * 1024 * 1024)
  })

  test('a message above the limit ends a socket with code 1009', async () => {
    const one = await SocketPeer.welcome(server.url, await server.token())
    one.socket.send(new Uint8Array(2 * 1024 * 1024))
    expect((await one.closed).code).toBe(1009)
  })
})

describe('who calls', () => {
  const PATHS = [[GET, 'grpc', good], [SYNC, 'connect', watch], [WATCH, 'grpc-web', watch], ['concord.v1.PresenceService/Follow', 'grpc', watch]] as const

  test.each(PATHS)('%s by %s: no token, a bad one, an expired one, one without a signature, one for another audience', async (path, protocol, message) => {
    const body = framed(protocol, message)
    const call = (token: string | undefined) => rawCall(server.url, path, protocol, body, token === undefined ? {} : { authorization: `Bearer ${token}` })
    expect(await call(undefined)).toMatchObject({ code: UNAUTHENTICATED, reason: 'TOKEN_MISSING' })
    expect(await call('x.y.z')).toMatchObject({ code: UNAUTHENTICATED, reason: 'TOKEN_INVALID' })
    expect(await call(await server.token({ lifetimeSeconds: -10 }))).toMatchObject({ code: UNAUTHENTICATED, reason: 'TOKEN_EXPIRED' })
    expect(await call(await server.token({ audience: 'billing' }))).toMatchObject({ code: UNAUTHENTICATED, reason: 'TOKEN_INVALID' })
    const [, payload = ''] = (await server.token()).split('.')
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
    expect(await call(`${none}.${payload}.`)).toMatchObject({ code: UNAUTHENTICATED, reason: 'TOKEN_INVALID' })
  })

  test.each(PATHS)('%s by %s: a foreign origin', async (path, protocol, message) => {
    const foreign = { ...auth, origin: 'https://evil.example' }
    expect(await rawCall(server.url, path, protocol, framed(protocol, message), foreign)).toMatchObject({ code: PERMISSION_DENIED, reason: 'ORIGIN_FORBIDDEN' })
    const asked = await fetch(`${server.url}/${path}`, { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } })
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([403, null])
  })

  test("another tenant's document is byte for byte as unknown as one that never was", async () => {
    const mallory = { authorization: `Bearer ${await server.token({ user: 'ada', tenant: 'other' })}`, 'x-request-id': 'the-same-id' }
    const eve = { authorization: `Bearer ${await server.token({ user: 'eve' })}`, 'x-request-id': 'the-same-id' }
    const none = toBinary(GetDocumentRequestSchema, create(GetDocumentRequestSchema, { name: 'documents/nothing' }))
    const answers = await Promise.all([rawCall(server.url, GET, 'grpc', framed('grpc', good), mallory), rawCall(server.url, GET, 'grpc', framed('grpc', good), eve), rawCall(server.url, GET, 'grpc', framed('grpc', none), eve)])
    const strip = ({ headers: { date: _, ...headers }, ...rest }: (typeof answers)[number]) => ({ headers: { ...headers }, ...rest })
    expect(strip(answers[0]!)).toEqual(strip(answers[2]!))
    expect(strip(answers[1]!)).toEqual(strip(answers[2]!))
    expect(answers[0]).toMatchObject({ code: NOT_FOUND, reason: 'DOCUMENT_NOT_FOUND' })
  })

  test.each(['target', 'documents/', 'documents/__proto__', 'documents/../x', 'documents/TARGET', 'documents/targеt', `documents/${'a'.repeat(65)}`, 'documents/a\0b', 'documents/a/b'])('the name %j', async (name) => {
    const bytes = toBinary(GetDocumentRequestSchema, create(GetDocumentRequestSchema, { name }))
    expect(await rawCall(server.url, GET, 'grpc', framed('grpc', bytes), auth)).toMatchObject({ code: INVALID_ARGUMENT, reason: 'FIELD_INVALID' })
  })
})

describe('operations that cannot be', () => {
  test.each<readonly [string, number, readonly number[], string, string]>([
    ['empty', 8, [], '', 'OPERATION_EMPTY'],
    ['past the end', 8, [(9 << 2) | 2], '', 'OPERATION_MALFORMED'],
    ['of a document of another length', 9, [(1 << 2) | 2], '', 'DIVERGED'],
    ['within a surrogate pair', 8, [(7 << 2) | 0, (1 << 2) | 2], '', 'OPERATION_MALFORMED'],
    ['two inserts in a row', 8, [(1 << 2) | 1, (1 << 2) | 1], 'ab', 'OPERATION_NOT_CANONICAL'],
    ['a retain at the end', 8, [(1 << 2) | 1, (8 << 2) | 0], 'a', 'OPERATION_NOT_CANONICAL'],
    ['more text than said', 8, [(1 << 2) | 1], 'abc', 'OPERATION_MALFORMED'],
    ['a huge count', 8, [((2 ** 30 - 1) * 4 + 2) >>> 0], '', 'OPERATION_MALFORMED'],
    ['a table that is not there', 8, [(((5 << 2) | 1) << 2) | 3], '', 'OPERATION_MALFORMED'],
    ['an insert of 65,537 units', 8, [(65_537 << 2) | 1], 'x'.repeat(65_537), 'OPERATION_TOO_LARGE'],
  ])('%s', async (_, baseLength, components, text, reason) => {
    const peer = await SocketPeer.welcome(server.url, await server.token())
    peer.frame(1, { kind: 'open', open: openFrame('documents/target', { version: 1, epoch: 1 }) })
    const opened = await peer.on(1)
    if (opened.kind !== 'frame' || opened.frame.kind !== 'opened') throw new Error('not opened')
    const { session, clientId, head } = opened.frame.opened
    const operation = { baseLength, components, text, attributes: [], embeds: [], keys: [] }
    peer.frame(1, { kind: 'submit', submit: { session, clientId, seq: 1, baseVersion: head, operation } })
    const { message } = await peer.until(({ message: said }) => said.kind === 'closed' || (said.kind === 'frame' && (said.frame.kind === 'reject' || said.frame.kind === 'opened' || said.frame.kind === 'ack')))
    expect(JSON.stringify(message).toUpperCase()).toContain(reason)
    peer.socket.terminate()
  })

  test.each([[-1n, 'INVALID'], [2n ** 53n, 'INVALID'], [99n, 'VERSION_AHEAD']] as const)('base version %s', async (baseVersion, kind) => {
    const { opened } = await ada.sync.open({ open: openToProto(openFrame('documents/target')) })
    const operation = { baseLength: 8, components: [(1 << 2) | 1], text: 'x', attributes: [], embeds: [], keys: [] }
    const submit = { session: opened!.session, clientId: opened!.clientId, seq: 1n, baseVersion, operation }
    const bytes = toBinary(SubmitRequestSchema, create(SubmitRequestSchema, { document: 'documents/target', submit }))
    const answer = await rawCall(server.url, SUBMIT, 'grpc', framed('grpc', bytes), auth)
    if (kind === 'INVALID') expect(answer).toMatchObject({ code: INVALID_ARGUMENT, reason: 'FRAME_MALFORMED' })
    else expect(answer.code === 0 || answer.reason === 'VERSION_AHEAD').toBe(true)
  })

  test('a session and a client id that are not known', async () => {
    const submit = { session: idToBigint('00000000000000aa'), clientId: idToBigint('00000000000000bb'), seq: 1n, baseVersion: 1n, operation: { baseLength: 8, components: [5], text: 'x', attributes: [], embeds: [], keys: [] } }
    const bytes = toBinary(SubmitRequestSchema, create(SubmitRequestSchema, { document: 'documents/target', submit }))
    expect(await rawCall(server.url, SUBMIT, 'grpc', framed('grpc', bytes), auth)).toMatchObject({ code: 9, reason: 'SESSION_UNKNOWN' })
  })
})

function sync(protocol: RawProtocol, frame: ClientFrame): Uint8Array {
  return framed(protocol, toBinary(SyncRequestSchema, create(SyncRequestSchema, { frame: clientFrameToProto(frame) })))
}
