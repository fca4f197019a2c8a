import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import type { UniversalServerResponse } from '@connectrpc/connect/protocol'
import type { NodeResponse } from './one-port.ts'
import type { ByteSink } from './stream-pump.ts'

/** What the node side of a pump must be able to do. */
export interface Pumping {
  attach(sink: ByteSink): void
  drained(): void
}

/** An answer whose body a pump writes by itself: a promise and two listeners per chunk would cost more than the chunk. */
export interface PumpedResponse extends UniversalServerResponse {
  readonly header: Headers
  readonly pump: Pumping
}

export function isPumped(response: UniversalServerResponse): response is PumpedResponse {
  return 'pump' in response
}

/** Sends the head, then lets the pump write. What is written to a peer that has left is dropped by Node. */
export function writePumped({ status, header, pump }: PumpedResponse, answer: NodeResponse, cut: () => void): void {
  // The two servers' responses differ in types TypeScript cannot call through; what they do is the same.
  const response = answer as ServerResponse | (ServerResponse & Pick<Http2ServerResponse, 'stream'>)
  response.writeHead(status, Object.fromEntries(header))
  const out = 'stream' in response ? response.stream : response
  out.on('drain', () => pump.drained())
  out.on('error', () => undefined)
  pump.attach({
    write: (chunk) => out.destroyed || out.write(chunk),
    end: (trailer) => {
      if (out.destroyed) return
      response.addTrailers(Object.fromEntries(trailer))
      response.end()
    },
    cut,
  })
}
