import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { REASONS, SOCKET_PROTOCOL, type WireError } from '@concord/protocol'
import { WebSocketServer } from 'ws'
import type { CarrierDeps } from './carrier-deps.ts'
import { correlationId } from './correlation.ts'
import { CORRELATION_HEADER } from './error-map.ts'
import { DRAINING } from './live-carriers.ts'
import type { Origins } from './origins.ts'
import { SocketConnection } from './socket-connection.ts'
import type { SocketOpeners } from './socket-channels.ts'

export const SOCKET_PATH = '/v1/socket'

/** Takes upgrades to `/v1/socket` with the subprotocol `concord.v1`; anything else gets an HTTP answer. */
export class SocketServer {
  readonly #deps: CarrierDeps
  readonly #openers: SocketOpeners
  readonly #origins: Origins
  readonly #server: WebSocketServer

  constructor(deps: CarrierDeps, openers: SocketOpeners, origins: Origins) {
    this.#deps = deps
    this.#openers = openers
    this.#origins = origins
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: deps.limits.messageBytes,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has(SOCKET_PROTOCOL) ? SOCKET_PROTOCOL : false),
    })
  }

  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const correlation = correlationId(request.headers[CORRELATION_HEADER], this.#deps.runtime.random)
    const refused = this.#refuses(request)
    if (refused !== undefined) {
      this.#deps.telemetry.log('debug', 'a socket was refused', { correlation, reason: refused[1].reason })
      return answer(socket, ...refused, correlation)
    }
    this.#server.handleUpgrade(request, socket, head, (accepted) => {
      accepted.binaryType = 'nodebuffer'
      new SocketConnection(accepted, this.#deps, this.#openers, correlation)
    })
  }

  #refuses({ url, headers }: IncomingMessage): readonly [status: number, error: WireError] | undefined {
    if (url?.split('?', 1)[0] !== SOCKET_PATH) return [404, { reason: 'NOT_SERVED', message: `sockets are served at ${SOCKET_PATH}` }]
    const foreign = this.#origins.check(headers.origin)
    if (foreign !== undefined) return [403, foreign]
    const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
    if (!offered.includes(SOCKET_PROTOCOL)) return [400, { reason: 'NOT_SERVED', message: `offer the subprotocol ${SOCKET_PROTOCOL}` }]
    return this.#deps.live.draining ? [503, DRAINING] : undefined
  }
}

/** An HTTP answer on a connection that asked to leave HTTP. */
function answer(socket: Socket, status: number, error: WireError, correlation: string): void {
  const body = JSON.stringify({ code: REASONS[error.reason].code, reason: error.reason, message: error.message })
  const head = [`HTTP/1.1 ${status} Refused`, 'content-type: application/json', `${CORRELATION_HEADER}: ${correlation}`, `content-length: ${Buffer.byteLength(body)}`, 'connection: close']
  socket.once('error', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
