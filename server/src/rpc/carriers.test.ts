import { create } from '@bufbuild/protobuf'
import { ClientFrameSchema, DocumentService, PresenceService, SyncRequestSchema, SyncService } from '@concord/proto'
import { Health } from '@concord/proto/grpc'
import { type ClientFrame, clientFrameToProto, openToProto, operationToProto, type ServerFrame, serverFrameFromProto, statusFromProto } from '@concord/protocol'
import { createClient, type Interceptor, type Transport } from '@connectrpc/connect'
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node'
import { createConnectTransport as createWebTransport, createGrpcWebTransport as createGrpcWebFetchTransport } from '@connectrpc/connect-web'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from './testing/eventually.ts'
import { insertion } from './testing/fake-hub.ts'
import { testEdge, type TestEdge } from './testing/test-edge.ts'
import { Outbox } from './testing/outbox.ts'

let edge: TestEdge
let token: string
beforeAll(async () => {
  edge = await testEdge()
  token = await edge.token()
})
afterAll(() => edge.close())

const bearer: Interceptor = (next) => (request) => {
  request.header.set('authorization', `Bearer ${token}`)
  return next(request)
}

interface Client {
  readonly name: string
  readonly bidi: boolean
  readonly make: () => Transport
}

const options = () => ({ baseUrl: edge.url, interceptors: [bearer] })
const CLIENTS: readonly Client[] = [
  { name: 'connect-node, Connect, HTTP/2', bidi: true, make: () => createConnectTransport({ ...options(), httpVersion: '2' }) },
  { name: 'connect-node, Connect, HTTP/1.1', bidi: false, make: () => createConnectTransport({ ...options(), httpVersion: '1.1' }) },
  { name: 'connect-node, Connect, JSON', bidi: true, make: () => createConnectTransport({ ...options(), httpVersion: '2', useBinaryFormat: false }) },
  { name: 'connect-node, gRPC', bidi: true, make: () => createGrpcTransport(options()) },
  { name: 'connect-node, gRPC, gzip', bidi: true, make: () => createGrpcTransport({ ...options(), compressMinBytes: 0 }) },
  { name: 'connect-node, gRPC-web, HTTP/2', bidi: true, make: () => createGrpcWebTransport({ ...options(), httpVersion: '2' }) },
  { name: 'connect-node, gRPC-web, HTTP/1.1', bidi: false, make: () => createGrpcWebTransport({ ...options(), httpVersion: '1.1' }) },
  { name: 'connect-web, Connect', bidi: false, make: () => createWebTransport(options()) },
  { name: 'connect-web, gRPC-web', bidi: false, make: () => createGrpcWebFetchTransport(options()) },
]

const open = (document: string) => ({ document, version: 0, epoch: 0, lastSeq: 0, sdk: 'test', features: [], snapshot: false, algorithms: [] })

describe.each(CLIENTS.map((client) => [client.name, client] as const))('%s', (name, { bidi, make }) => {
  const id = name.toLowerCase().replace(/[^a-z0-9]+/g, '-')

  test('unary: create, read', async () => {
    const documents = createClient(DocumentService, make())
    const created = await documents.createDocument({ documentId: `unary-${id}`, document: { title: 'Notes' } })
    expect(created.document).toMatchObject({ name: `documents/unary-${id}`, title: 'Notes', version: 0n })
    const { document } = await documents.getDocument({ name: `documents/unary-${id}` })
    expect(document?.creator).toBe('ada')
  })

  test('errors carry code, details and correlation id, before a stream and in unary calls', async () => {
    const absent = { code: 5, rawMessage: expect.stringContaining('no such document') as string }
    const unary = await createClient(DocumentService, make()).getDocument({ name: 'documents/none' }).catch((error: unknown) => error)
    const stream = await firstOf(createClient(SyncService, make()).watch({ open: openToProto(open('documents/none')) })).catch((error: unknown) => error)
    for (const error of [unary, stream]) {
      expect(error).toMatchObject(absent)
      const { code, rawMessage, details } = error as { code: number; rawMessage: string; details: { type: string; value: Uint8Array }[] }
      const any = details.map(({ type, value }) => ({ $typeName: 'google.protobuf.Any' as const, typeUrl: `type.googleapis.com/${type}`, value }))
      expect(statusFromProto({ $typeName: 'google.rpc.Status', code, message: rawMessage, details: any }).reason).toBe('DOCUMENT_NOT_FOUND')
    }
    expect((stream as { metadata: Headers }).metadata.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
  })

  test('R1 slot: Watch and Submit; changes in order', async () => {
    await edge.create(`watch-${id}`)
    const sync = createClient(SyncService, make())
    const abort = new AbortController()
    const frames = sync.watch({ open: openToProto(open(`documents/watch-${id}`)) }, { signal: abort.signal })[Symbol.asyncIterator]()
    const opened = await nextFrame(frames)
    expect(opened.kind).toBe('opened')
    const { opened: other } = await sync.open({ open: openToProto(open(`documents/watch-${id}`)) })
    for (const version of [1, 2, 3]) {
      const submit = { session: other!.session, clientId: other!.clientId, seq: BigInt(version), baseVersion: BigInt(version - 1), operation: operationToProto(insertion(version - 1, 'x')) }
      const { decision } = await sync.submit({ document: `documents/watch-${id}`, submit })
      expect(decision.case).toBe('ack')
      expect(await nextFrame(frames)).toMatchObject({ kind: 'change', change: { version } })
    }
    abort.abort()
  })

  test.skipIf(!bidi)('R1 slot: Sync carries the ack in its slot and ends in order when the client does', async () => {
    await edge.create(`sync-${id}`)
    const sync = createClient(SyncService, make())
    const outbox = new Outbox<ReturnType<typeof request>>()
    const frames = sync.sync(outbox)[Symbol.asyncIterator]()
    outbox.push(request({ kind: 'open', open: open(`documents/sync-${id}`) }))
    const opened = await nextFrame(frames)
    if (opened.kind !== 'opened') throw new Error('not opened')
    const { session, clientId } = opened.opened
    outbox.push(request({ kind: 'submit', submit: { session, clientId, seq: 1, baseVersion: 0, operation: insertion(0, 'hello') } }))
    expect(await nextFrame(frames)).toMatchObject({ kind: 'ack', ack: { seq: 1, version: 1 } })
    outbox.push(request({ kind: 'refresh', token: await edge.token({ name: 'Ada again' }) }))
    await eventually(() => edge.hub.renewed.at(-1)?.name).toBe('Ada again')
    outbox.push(request({ kind: 'open', open: open(`documents/sync-${id}`) }))
    await expect(nextFrame(frames)).rejects.toMatchObject({ code: 3 })
    outbox.end()
  })

  test.skipIf(!bidi)('presence both ways', async () => {
    await edge.create(`presence-${id}`)
    const presence = createClient(PresenceService, make())
    const outbox = new Outbox<{ presence: { message: never } }>()
    const answers = presence.follow(outbox as never)[Symbol.asyncIterator]()
    outbox.push({ presence: { message: { case: 'open', value: { document: `documents/presence-${id}`, clientId: 5n } } as never } })
    expect((await answers.next()).value).toMatchObject({ presence: { count: 0 } })
    outbox.push({ presence: { message: { case: 'state', value: { name: 'Ada', color: '#aabbcc' } } as never } })
    expect((await answers.next()).value).toMatchObject({ presence: { count: 1, updated: [{ state: { name: 'Ada' } }] } })
    outbox.end()
  })

  test('health without a token', async () => {
    expect((await createClient(Health, make()).check({})).status).toBe(1)
  })
})

function request(frame: ClientFrame) {
  return create(SyncRequestSchema, { frame: create(ClientFrameSchema, clientFrameToProto(frame)) })
}

async function firstOf<T>(stream: AsyncIterable<T>): Promise<T | undefined> {
  for await (const one of stream) return one
  return undefined
}

async function nextFrame(frames: AsyncIterator<{ frame?: Parameters<typeof serverFrameFromProto>[0] }>): Promise<ServerFrame> {
  const { value, done } = await frames.next()
  if (done === true) throw new Error('the stream is over')
  const frame = serverFrameFromProto(value.frame)
  if (frame === undefined || frame.kind === 'malformed') throw new Error('not a frame')
  return frame
}
