import { once } from 'node:events'
import { type ClientHttp2Session, connect as connectHttp2, constants } from 'node:http2'
import { create, toBinary } from '@bufbuild/protobuf'
import { WatchRequestSchema } from '@concord/proto'
import { encodeSocketClientMessage, packRecords, SOCKET_PROTOCOL } from '@concord/protocol'
import { WebSocket } from 'ws'
import { openFrame } from '../server/concord-writer.ts'

/** Readers that only count the changes they are given; `delivered` is called with how many came at once. */
export interface Readers {
  close(): void
}

const FIELD_1 = 0x0a
const FIELD_3 = 0x1a

/** Whether an encoded `WatchResponse` or `SocketServerMessage` holds a change: two tags in front tell. */
function isChange(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== FIELD_1) return false
  let inner = at + 1
  while (((bytes[inner] ?? 0) & 0x80) !== 0) inner++
  return bytes[inner + 1] === FIELD_3
}

/** How the two protocols of a stream over HTTP/2 announce themselves; their envelopes are the same. */
const PROTOCOLS = {
  grpc: { 'content-type': 'application/grpc+proto', te: 'trailers' },
  connect: { 'content-type': 'application/connect+proto', 'connect-protocol-version': '1' },
} as const

const STREAMS_PER_CONNECTION = 100

/** Streams over HTTP/2, 100 on each connection. */
export async function streamReaders(protocol: keyof typeof PROTOCOLS, url: string, token: string, document: string, count: number, delivered: (changes: number) => void): Promise<Readers> {
  const sessions: ClientHttp2Session[] = []
  const request = envelope(toBinary(WatchRequestSchema, create(WatchRequestSchema, { open: { document, sdk: 'bench/1' } })))
  for (let reader = 0; reader < count; reader++) {
    if (reader % STREAMS_PER_CONNECTION === 0) {
      const session = connectHttp2(url, { settings: { initialWindowSize: 1 << 20 } })
      await once(session, 'connect')
      session.setLocalWindowSize(1 << 24)
      sessions.push(session)
    }
    const headers = { ':method': 'POST', ':path': '/concord.v1.SyncService/Watch', ...PROTOCOLS[protocol], authorization: `Bearer ${token}` }
    const stream = sessions.at(-1)?.request(headers)
    const counter = new EnvelopeCounter(delivered)
    stream?.on('data', (chunk: Buffer) => counter.take(chunk))
    stream?.on('error', () => {})
    stream?.end(request)
  }
  return { close: () => sessions.forEach((session) => session.destroy(undefined, constants.NGHTTP2_CANCEL)) }
}

/** A WebSocket each. Records are Concord's; a peer's messages are one change each. */
export async function socketReaders(url: string, token: string | undefined, document: string, count: number, delivered: (changes: number) => void): Promise<Readers> {
  const open = async (): Promise<WebSocket> => {
    const address = url.replace('http', 'ws')
    const socket = token === undefined ? new WebSocket(address, { perMessageDeflate: false }) : new WebSocket(`${address}/v1/socket`, SOCKET_PROTOCOL, { perMessageDeflate: false })
    socket.on('error', () => {})
    await once(socket, 'open')
    if (token !== undefined) {
      const hello = encodeSocketClientMessage({ kind: 'hello', token, sdk: 'bench/1' })
      const opening = encodeSocketClientMessage({ kind: 'frame', frame: { kind: 'open', open: openFrame(document) } })
      socket.send(packRecords([{ channel: 0, payload: hello }]))
      await once(socket, 'message')
      socket.send(packRecords([{ channel: 1, payload: opening }]))
    }
    socket.on('message', (data: Buffer) => delivered(token === undefined ? 1 : countRecords(data)))
    return socket
  }
  const sockets: WebSocket[] = []
  while (sockets.length < count) sockets.push(...(await Promise.all(Array.from({ length: Math.min(50, count - sockets.length) }, open))))
  return { close: () => sockets.forEach((socket) => socket.terminate()) }
}

function countRecords(bytes: Uint8Array): number {
  let changes = 0
  for (let at = 0; at < bytes.length; ) {
    const channel = varint(bytes, at)
    const length = varint(bytes, channel.next)
    if (isChange(bytes, length.next)) changes++
    at = length.next + length.value
  }
  return changes
}

function varint(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return { value, next: at }
  }
}

/** Counts changes in a stream of envelopes that arrives in any pieces. */
class EnvelopeCounter {
  readonly #delivered: (changes: number) => void
  #rest: Buffer = Buffer.alloc(0)

  constructor(delivered: (changes: number) => void) {
    this.#delivered = delivered
  }

  take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    let changes = 0
    while (at + 5 <= bytes.length) {
      const end = at + 5 + bytes.readUInt32BE(at + 1)
      if (end > bytes.length) break
      if (isChange(bytes, at + 5)) changes++
      at = end
    }
    this.#rest = bytes.subarray(at)
    if (changes > 0) this.#delivered(changes)
  }
}

function envelope(payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(5 + payload.length)
  bytes.writeUInt32BE(payload.length, 1)
  bytes.set(payload, 5)
  return bytes
}
