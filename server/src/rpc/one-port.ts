import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server, type Http2Server, type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Telemetry } from '../ports/index.ts'
import type { Runtime } from '@concord/runtime'
import type { EdgeLimits } from './edge-limits.ts'
import { Http2Sessions } from './http2-sessions.ts'
import type { Sweeper } from './sweeper.ts'

export type NodeRequest = IncomingMessage | Http2ServerRequest
export type NodeResponse = ServerResponse | Http2ServerResponse
export type OnRequest = (request: NodeRequest, response: NodeResponse) => void

/** What every HTTP/2 connection begins with (RFC 9113, 3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

export interface OnePortParts {
  readonly onRequest: OnRequest
  readonly onUpgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => void
  readonly limits: EdgeLimits
  readonly sweeper: Sweeper
  readonly telemetry: Telemetry
  readonly runtime: Runtime
}

/**
 * HTTP/1.1 with upgrades and HTTP/2 in clear text on one port. The HTTP/1.1 server owns the port, because one that never
 * listens has no header and request timeouts; each connection goes to the server its first bytes ask for.
 */
export class OnePort {
  readonly #parts: OnePortParts
  readonly #http: Server
  readonly #http2: Http2Server
  readonly #acceptHttp: (socket: Duplex) => void
  readonly #sessions: Http2Sessions
  readonly #sockets = new Set<Duplex>()
  readonly #emptied: (() => void)[] = []

  constructor(parts: OnePortParts) {
    this.#parts = parts
    const { limits } = parts
    this.#http = createServer({ headersTimeout: limits.headersMs, requestTimeout: limits.requestMs, connectionsCheckingInterval: limits.sweepMs, keepAliveTimeout: limits.idleMs })
    this.#http2 = createHttp2Server({
      maxSessionMemory: limits.sessionMemoryMb,
      streamResetBurst: limits.resetBurst,
      streamResetRate: limits.resetsPerSecond,
      settings: { maxConcurrentStreams: limits.streamsPerConnection, initialWindowSize: 256 * 1024 },
    })
    this.#sessions = new Http2Sessions(parts)
    const [accept] = this.#http.listeners('connection')
    // Typed for sockets; Node's HTTP/1.1 server takes any duplex stream.
    this.#acceptHttp = (socket) => void accept?.call(this.#http, socket as Socket)
    this.#wire()
  }

  /** Rejects when the port cannot be had. */
  listen(port: number, host: string): Promise<{ readonly port: number }> {
    return new Promise((resolve, reject) => {
      this.#http.once('error', reject)
      this.#http.listen({ port, host, backlog: 4096 }, () => {
        this.#http.off('error', reject)
        const address = this.#http.address()
        resolve({ port: typeof address === 'object' && address !== null ? address.port : port })
      })
    })
  }

  /** Takes a connection that was made elsewhere: any stream of bytes both ways. */
  accept(socket: Duplex): void {
    const { telemetry } = this.#parts
    this.#sockets.add(socket)
    telemetry.gauge('active_connections', this.#sockets.size)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      telemetry.gauge('active_connections', this.#sockets.size)
      if (this.#sockets.size === 0) for (const tell of this.#emptied.splice(0)) tell()
    })
    if (socket instanceof Socket) socket.setNoDelay(true)
    this.#sniff(socket)
  }

  /** Takes no new connection and tells every HTTP/2 peer (GOAWAY); resolves once the last connection is gone. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()))
    this.#http.closeIdleConnections()
    this.#sessions.close()
    await closed
    // A server that never listened knows nothing of the connections it was handed.
    if (this.#sockets.size > 0) await new Promise<void>((resolve) => this.#emptied.push(resolve))
  }

  /** Cuts what is left. */
  destroy(): void {
    this.#sessions.destroy()
    this.#http.closeAllConnections()
    for (const socket of this.#sockets) socket.destroy()
  }

  #wire(): void {
    const { onRequest, onUpgrade, limits, telemetry } = this.#parts
    this.#http.maxConnections = limits.connections
    this.#http.removeAllListeners('connection').on('connection', (socket) => this.accept(socket))
    this.#http.on('request', onRequest).on('upgrade', (request, socket, head) => onUpgrade(request, socket as Socket, head))
    this.#http2.on('request', onRequest)
    this.#http2.on('session', (session: ServerHttp2Session) => this.#sessions.add(session))
    this.#http2.on('sessionError', () => telemetry.count('connection_errors_total'))
  }

  /** An HTTP/1.1 server leaves its sockets half open; a session over such a one would never learn that its peer left. */
  #acceptHttp2(socket: Duplex): void {
    socket.allowHalfOpen = false
    this.#http2.emit('connection', socket)
  }

  /** Reads until the bytes differ from the preface or complete it: they may come one by one. */
  #sniff(socket: Duplex): void {
    const { timers } = this.#parts.runtime
    let seen = Buffer.alloc(0)
    const finish = (): void => {
      timers.clear(deadline)
      socket.off('readable', onReadable).off('error', cut).off('end', cut)
    }
    const cut = (): void => {
      finish()
      socket.destroy()
    }
    const onReadable = (): void => {
      for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) seen = Buffer.concat([seen, chunk])
      const compared = Math.min(seen.length, PREFACE.length)
      const matches = seen.subarray(0, compared).equals(PREFACE.subarray(0, compared))
      if (matches && compared < PREFACE.length) return
      finish()
      socket.unshift(seen)
      if (matches) this.#acceptHttp2(socket)
      else this.#acceptHttp(socket)
    }
    const deadline = timers.set(this.#parts.limits.firstMessageMs, cut)
    socket.on('readable', onReadable).on('error', cut).on('end', cut)
  }
}
