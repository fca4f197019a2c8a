import { once } from 'node:events'
import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { create, toBinary } from '@bufbuild/protobuf'
import { WatchRequestSchema } from '@concord/proto'
import { openFrame } from './sessions.ts'
import type { MeasuredServer } from './measured-server.ts'

const PROTOCOLS = {
  grpc: { 'content-type': 'application/grpc+proto', te: 'trailers' },
  connect: { 'content-type': 'application/connect+proto', 'connect-protocol-version': '1' },
} as const

const PER_CONNECTION = 100

export interface Readers {
  /** Bytes that have arrived. */
  bytes(): number
  close(): Promise<void>
}

/** `Watch` streams over HTTP/2, 100 on a connection. `delivered` hears how many envelopes came at once. */
export async function streamReaders(protocol: keyof typeof PROTOCOLS, server: MeasuredServer, document: string, count: number, delivered: (frames: number) => void): Promise<Readers> {
  const { document: name, sdk } = openFrame(document)
  const payload = toBinary(WatchRequestSchema, create(WatchRequestSchema, { open: { document: name, sdk } }))
  const request = Buffer.alloc(5 + payload.length)
  request.writeUInt32BE(payload.length, 1)
  request.set(payload, 5)
  const sessions: ClientHttp2Session[] = []
  for (let reader = 0; reader < count; reader++) {
    if (reader % PER_CONNECTION === 0) {
      const session = connect(server.url, { settings: { initialWindowSize: 1 << 20 } })
      await once(session, 'connect')
      session.setLocalWindowSize(1 << 24)
      sessions.push(session)
    }
    const headers = { ':method': 'POST', ':path': '/concord.v1.SyncService/Watch', ...PROTOCOLS[protocol], authorization: `Bearer ${server.token}` }
    const stream = sessions.at(-1)?.request(headers)
    const envelopes = new EnvelopeCounter()
    stream?.on('data', (chunk: Buffer) => delivered(envelopes.take(chunk)))
    stream?.on('error', () => undefined)
    stream?.end(request)
  }
  return {
    bytes: () => sessions.reduce((sum, { socket }) => sum + (socket?.bytesRead ?? 0), 0),
    async close() {
      await Promise.all(
        sessions.map(async (session) => {
          session.destroy(undefined, constants.NGHTTP2_CANCEL)
          if (!session.closed) await once(session, 'close')
        }),
      )
    },
  }
}

/** Counts envelopes in a stream that arrives in any pieces. */
class EnvelopeCounter {
  #rest: Buffer = Buffer.alloc(0)

  take(chunk: Buffer): number {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    let count = 0
    while (at + 5 <= bytes.length) {
      const end = at + 5 + bytes.readUInt32BE(at + 1)
      if (end > bytes.length) break
      count += 1
      at = end
    }
    this.#rest = bytes.subarray(at)
    return count
  }
}
