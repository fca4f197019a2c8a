import { fromBinary, toBinary, create, type DescMessage, type MessageShape } from '@bufbuild/protobuf'
import { ClientFrameSchema, GetDocumentRequestSchema, GetDocumentResponseSchema, SyncRequestSchema, SyncResponseSchema, WatchRequestSchema, WatchResponseSchema } from '@concord/proto'
import { type ClientFrame, clientFrameToProto, decodeStatus, openToProto } from '@concord/protocol'
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from './testing/eventually.ts'
import { insertion } from './testing/fake-hub.ts'
import { openFrame } from './testing/test-server.ts'
import { testEdge, type TestEdge } from './testing/test-edge.ts'

let edge: TestEdge
let client: Client
let metadata: Metadata
beforeAll(async () => {
  edge = await testEdge()
  client = new Client(`127.0.0.1:${edge.port}`, credentials.createInsecure())
  metadata = new Metadata()
  metadata.set('authorization', `Bearer ${await edge.token()}`)
})
afterAll(async () => {
  client.close()
  await edge.close()
})

const encoder = <D extends DescMessage>(desc: D) => (message: MessageShape<D>): Buffer => Buffer.from(toBinary(desc, message))
const decoder = <D extends DescMessage>(desc: D) => (bytes: Buffer): MessageShape<D> => fromBinary(desc, bytes)
const frame = (value: ClientFrame) => create(SyncRequestSchema, { frame: create(ClientFrameSchema, clientFrameToProto(value)) })

describe('grpc-js', () => {
  test('unary, and an error with its details', async () => {
    await edge.create('unary')
    const get = (name: string) =>
      new Promise<MessageShape<typeof GetDocumentResponseSchema>>((resolve, reject) => {
        const request = create(GetDocumentRequestSchema, { name })
        client.makeUnaryRequest('/concord.v1.DocumentService/GetDocument', encoder(GetDocumentRequestSchema), decoder(GetDocumentResponseSchema), request, metadata, (error, value) => (error === null && value !== undefined ? resolve(value) : reject(error)))
      })
    expect((await get('documents/unary')).document?.title).toBe('unary')
    const error = (await get('documents/none').catch((failed: unknown) => failed)) as ServiceError
    const [details] = error.metadata.get('grpc-status-details-bin') as Buffer[]
    expect([error.code, decodeStatus(details!).reason, String(error.metadata.get('x-request-id')[0])]).toEqual([5, 'DOCUMENT_NOT_FOUND', expect.stringMatching(/^[0-9a-f]{16}$/)])
  })

  test('R1 slot: Sync both ways, and the status at its end', async () => {
    await edge.create('bidi')
    const call = client.makeBidiStreamRequest('/concord.v1.SyncService/Sync', encoder(SyncRequestSchema), decoder(SyncResponseSchema), metadata)
    const heard = heardOf<MessageShape<typeof SyncResponseSchema>>(call)
    call.write(frame({ kind: 'open', open: openFrame('documents/bidi') }))
    const opened = (await heard()).frame?.frame
    if (opened?.case !== 'opened') throw new Error('not opened')
    const submit = { session: '0000000000000001', clientId: '0000000000000001', seq: 1, baseVersion: 0, operation: insertion(0, 'hi') }
    call.write(frame({ kind: 'submit', submit }))
    expect((await heard()).frame?.frame).toMatchObject({ case: 'ack', value: { version: 1n } })
    const ended = new Promise<{ code: number }>((resolve) => call.once('status', resolve))
    call.once('error', () => undefined)
    call.write(frame({ kind: 'open', open: openFrame('documents/bidi') }))
    expect((await ended).code).toBe(3)
  })

  test('R1 slot: Watch, cancelled', async () => {
    await edge.create('watched')
    const request = create(WatchRequestSchema, { open: openToProto(openFrame('documents/watched')) })
    const call = client.makeServerStreamRequest('/concord.v1.SyncService/Watch', encoder(WatchRequestSchema), decoder(WatchResponseSchema), request, metadata)
    expect((await heardOf<MessageShape<typeof WatchResponseSchema>>(call)()).frame?.frame.case).toBe('opened')
    call.once('error', () => undefined)
    call.cancel()
    await eventually(() => edge.hub.documents.get('local/watched')!.sessions.size).toBe(0)
  })
})

/** What a call hears, one after the other. */
function heardOf<T>(call: NodeJS.EventEmitter): () => Promise<T> {
  const queue: T[] = []
  let waiting: ((value: T) => void) | undefined
  call.on('data', (value: T) => {
    if (waiting === undefined) queue.push(value)
    else waiting(value)
    waiting = undefined
  })
  return () => {
    const [first] = queue.splice(0, 1)
    return first === undefined ? new Promise((resolve) => (waiting = resolve)) : Promise.resolve(first)
  }
}
