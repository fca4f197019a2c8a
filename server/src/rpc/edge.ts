import type { Duplex } from 'node:stream'
import { createFrameCodec } from '../codec/shared-frame.ts'
import { Admission } from './admission.ts'
import { CallServer } from './call-server.ts'
import type { CarrierDeps } from './carrier-deps.ts'
import { presenceRecord } from './channel.ts'
import { checkEdgeLimits, type EdgeLimits } from './edge-limits.ts'
import type { EdgeServices } from './edge-services.ts'
import { CORRELATION_HEADER } from './error-map.ts'
import { correlationId } from './correlation.ts'
import { FlushQueue } from './flush-queue.ts'
import { type Answer, refusal, send } from './http/answer.ts'
import { allowOrigin, preflight } from './http/cors.ts'
import type { IssueToken } from './http/dev-token.ts'
import { HttpDate } from './http/http-date.ts'
import { PageFiles } from './http/page-files.ts'
import { type Exposition, plainAnswer, type PlainParts } from './http/plain-routes.ts'
import { LiveCarriers } from './live-carriers.ts'
import { type NodeRequest, type NodeResponse, OnePort } from './one-port.ts'
import { isLoopback, Origins } from './origins.ts'
import { Readiness } from './readiness.ts'
import { routes } from './routes.ts'
import { SocketServer } from './socket-server.ts'
import { openPresence, openSession } from './stream-methods.ts'
import { Sweeper } from './sweeper.ts'

export interface EdgeOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Origins of pages that may call, besides the one a loopback listener serves itself. */
  readonly origins: readonly string[]
  readonly development: boolean
  /** Folder with the built page. */
  readonly page: string
  readonly limits: EdgeLimits
  /** Served on this port when given. */
  readonly metrics?: Exposition
  /** Used in development on a loopback listener, and nowhere else. */
  readonly issueToken?: IssueToken
}

/** Everything between the network and the core: one port, every carrier, every service. */
export class Edge {
  readonly readiness = new Readiness()
  readonly #services: EdgeServices
  readonly #options: EdgeOptions
  readonly #origins: Origins
  readonly #live = new LiveCarriers()
  readonly #calls: CallServer
  readonly #port: OnePort
  readonly #plain: PlainParts
  readonly #date: HttpDate
  #bound = 0
  #begun = false

  constructor(services: EdgeServices, options: EdgeOptions) {
    const contradiction = checkEdgeLimits(options.limits)
    if (contradiction !== undefined) throw new RangeError(`the limits of the edge contradict each other: ${contradiction}`)
    const { limits, development } = options
    const { runtime, telemetry, authenticator } = services
    const { frame } = createFrameCodec()
    this.#services = services
    this.#options = options
    this.#origins = new Origins(options.origins)
    const sweeper = new Sweeper(runtime.clock, runtime.timers, limits.sweepMs)
    const admission = new Admission({ authenticator, clock: runtime.clock, origins: this.#origins, telemetry })
    const deps: CarrierDeps = { admission, limits, sweeper, live: this.#live, flushes: new FlushQueue(runtime.timers), frame, telemetry, runtime }
    this.#calls = new CallServer(routes(services, deps, { readiness: this.readiness, development }), telemetry, runtime.timers)
    const openers = { session: openSession(services.sessions), presence: openPresence(services.presence, presenceRecord) }
    const sockets = new SocketServer(deps, openers, this.#origins)
    this.#port = new OnePort({
      onRequest: (request, response) => void this.#request(request, response),
      onUpgrade: (request, socket, head) => sockets.upgrade(request, socket, head),
      limits,
      sweeper,
      telemetry,
      runtime,
    })
    this.#plain = this.#plainParts()
    this.#date = new HttpDate(runtime.clock)
  }

  /** Takes calls from now on. Rejects when the port cannot be had. */
  async listen(): Promise<{ readonly port: number }> {
    const { host, port } = this.#options
    const bound = await this.#port.listen(port, host)
    this.#bound = bound.port
    if (isLoopback(host)) this.#origins.allowLoopback(bound.port)
    this.begin()
    return bound
  }

  /** Takes calls without a port of its own, on connections that are handed to {@link accept}. */
  begin(): void {
    this.#begun = true
    this.readiness.set(true)
  }

  /** Takes a connection that was made elsewhere: any stream of bytes both ways. */
  accept(connection: Duplex): void {
    this.#port.accept(connection)
  }

  /** A server whose store takes no writes wants no new work. */
  storeHealth(writable: boolean): void {
    this.readiness.set(writable && this.#begun && !this.#live.draining)
  }

  /** Streams and sockets that are open. */
  get carriers(): number {
    return this.#live.size
  }

  /** Not ready any more and nothing new is opened; the core tells running sessions when to come back. */
  drain(): void {
    this.readiness.set(false)
    this.#live.drain()
  }

  /** Resolves once every peer has left, or after `windowMs`. */
  async emptied(windowMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = this.#services.runtime.timers.set(windowMs, resolve)
    this.#live.whenEmpty(resolve)
    await promise
    this.#services.runtime.timers.clear(timer)
  }

  /** Ends every stream, says goodbye on every connection, and cuts what is left after `deadlineMs`. */
  async close(deadlineMs: number): Promise<void> {
    const { timers } = this.#services.runtime
    this.#live.end()
    const deadline = Promise.withResolvers<void>()
    const timer = timers.set(deadlineMs, () => deadline.resolve())
    const closed = this.#port.close()
    await Promise.race([closed, deadline.promise])
    timers.clear(timer)
    this.#port.destroy()
    await closed
  }

  #plainParts(): PlainParts {
    const { metrics, issueToken, development, host, page } = this.#options
    const mayIssue = development && isLoopback(host) && issueToken !== undefined
    return {
      readiness: this.readiness,
      page: new PageFiles(page),
      port: () => this.#bound,
      ...(metrics === undefined ? {} : { metrics }),
      ...(mayIssue ? { issueToken } : {}),
    }
  }

  async #request(request: NodeRequest, response: NodeResponse): Promise<void> {
    const correlation = correlationId(request.headers[CORRELATION_HEADER], this.#services.runtime.random)
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    response.sendDate = false
    response.setHeader('date', this.#date.text())
    allowOrigin(request, response, this.#origins)
    const asked = preflight(request, this.#origins)
    if (asked !== undefined) return send(response, asked)
    const path = request.url?.split('?', 1)[0] ?? '/'
    const handler = this.#calls.find(path)
    if (handler !== undefined) return this.#calls.serve(handler, request, response, correlation)
    response.setHeader(CORRELATION_HEADER, correlation)
    const answer = await plainAnswer(request, path, this.#plain).catch((cause: unknown) => this.#failed(cause, correlation))
    send(response, answer, request.method !== 'HEAD')
  }

  #failed(cause: unknown, correlation: string): Answer {
    this.#services.telemetry.log('error', 'a request failed', { correlation, cause: String(cause) })
    return refusal(500, { reason: 'INTERNAL', message: 'a fault of the server' })
  }
}
