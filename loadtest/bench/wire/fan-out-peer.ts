/**
 * The peers of the fan-out rows: `fan-out-peer.ts FOLDER KIND READERS` waits until all readers are there, then writes a
 * message of 64 bytes to every one, again and again, as fast as the reader takes it. There is no log, no order between readers and nothing to encode twice: what is
 * measured is the way a message takes out of the process.
 */
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { create, toBinary } from '@bufbuild/protobuf'
import { SyncService, WatchResponseSchema } from '@concord/proto'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import { Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js'
import { WebSocket, WebSocketServer } from 'ws'

const operation = { baseLength: 10, components: [40, 85], text: 'twenty-one characters' }
const change = { version: 1_000n, epoch: 3n, author: { userId: 'ada', userOrdinal: 1, clientId: 77n }, operation, at: 1_700_000_000_000n }
const message = create(WatchResponseSchema, { frame: { frame: { case: 'change', value: change } } })
const bytes = Buffer.from(toBinary(WatchResponseSchema, message))

const readers = Number(process.argv[4])
const everybody = Promise.withResolvers<void>()
let arrived = 0

/** Resolves when the last reader has arrived. */
function arrive(): Promise<void> {
  if (++arrived === readers) everybody.resolve()
  return everybody.promise
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function announce(server: NetServer): void {
  server.listen(0, '127.0.0.1', () => console.log(`peer ready http://127.0.0.1:${(server.address() as AddressInfo).port}`))
}

function connectNode(): void {
  const handler = connectNodeAdapter({
    routes: (router) =>
      void router.service(SyncService, {
        async *watch() {
          await arrive()
          // Without a turn of the event loop in between, nothing would ever leave the process.
          for (let sent = 1; ; sent++) {
            yield message
            if (sent % 8 === 0) await turn()
          }
        },
      }),
  })
  announce(createHttp2Server({}, handler))
}

async function grpcJs(): Promise<void> {
  const server = new Server({ 'grpc.max_concurrent_streams': 10_000 })
  const identity = (value: Buffer): Buffer => value
  const methods = { watch: { path: '/concord.v1.SyncService/Watch', requestStream: false, responseStream: true, requestSerialize: identity, requestDeserialize: identity, responseSerialize: identity, responseDeserialize: identity } }
  server.addService(methods, {
    async watch(call: ServerWritableStream<Buffer, Buffer>) {
      await arrive()
      while (!call.cancelled && !call.destroyed) if (!call.write(bytes)) await once(call, 'drain')
    },
  })
  const port = await new Promise<number>((resolve, reject) => server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error === null ? resolve(bound) : reject(error))))
  console.log(`peer ready http://127.0.0.1:${port}`)
}

function rawSocket(): void {
  const server = createHttpServer()
  const feed = (socket: WebSocket): void => {
    while (socket.readyState === WebSocket.OPEN && socket.bufferedAmount < 16_384) socket.send(bytes)
    if (socket.readyState === WebSocket.OPEN) setImmediate(feed, socket)
  }
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => void arrive().then(() => feed(socket)))
  announce(server)
}

const KINDS = new Map<string, () => void>([['connect-node', connectNode], ['grpc-js', () => void grpcJs()], ['ws', rawSocket]])
KINDS.get(String(process.argv[3]))?.()
process.on('SIGTERM', () => process.exit(0))
