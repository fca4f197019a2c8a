import { type ConnectRouter, type Interceptor, ConnectError } from '@connectrpc/connect'
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from '@connectrpc/connect-node'
import type { UniversalHandler } from '@connectrpc/connect/protocol'
import type { Timers } from '@concord/runtime'
import type { Telemetry } from '../ports/index.ts'
import { callInfo, callValues } from './call-info.ts'
import { CORRELATION_HEADER, toConnectError, toWireError } from './error-map.ts'
import type { NodeRequest, NodeResponse } from './one-port.ts'
import { isPumped, writePumped } from './pumped-response.ts'

const UNREAD_MS = 500

/** Runs the handlers of a router behind Node's servers, and leaves no stream half open. */
export class CallServer {
  readonly #handlers: ReadonlyMap<string, UniversalHandler>
  readonly #telemetry: Telemetry
  readonly #timers: Timers

  constructor({ handlers }: ConnectRouter, telemetry: Telemetry, timers: Timers) {
    this.#timers = timers
    this.#handlers = new Map(handlers.map((handler) => [handler.requestPath, handler]))
    this.#telemetry = telemetry
  }

  find(path: string): UniversalHandler | undefined {
    return this.#handlers.get(path)
  }

  async serve(handler: UniversalHandler, request: NodeRequest, response: NodeResponse, correlation: string): Promise<void> {
    const cut = (): void => void ('stream' in request ? request.stream.close(8) : request.socket.destroy())
    closeUnread(request, response, this.#timers)
    try {
      const values = callValues(correlation, cut, request)
      const answer = await handler(universalRequestFromNodeRequest(request as never, response as never, undefined, values))
      if (isPumped(answer)) writePumped(answer, response, cut)
      else await universalResponseToNodeResponse(answer, response as never)
    } catch (error) {
      this.#telemetry.log('debug', 'a call was cut off', { correlation, method: handler.requestPath, cause: String(error) })
      cut()
    }
  }
}

/** Every failure of a method leaves as one of the closed list; the log gets the cause, the wire does not. */
export function failures(telemetry: Telemetry): Interceptor {
  return (next) => async (request) => {
    const { correlation } = callInfo(request.contextValues)
    try {
      const response = await next(request)
      response.header.set(CORRELATION_HEADER, correlation)
      return response
    } catch (thrown) {
      if (thrown instanceof ConnectError) throw thrown
      const { error, cause } = toWireError(thrown)
      const method = `${request.service.typeName}/${request.method.name}`
      if (cause === undefined) telemetry.log('info', 'a call was refused', { correlation, method, reason: error.reason })
      else telemetry.log('error', 'a call failed', { correlation, method, reason: error.reason, cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) })
      throw toConnectError(error, correlation)
    }
  }
}

/**
 * A peer refused in the middle of its message would go on sending, or hold its half of the stream for ever: it gets a
 * moment to read the answer, then its stream is ended.
 */
function closeUnread(request: NodeRequest, response: NodeResponse, timers: Timers): void {
  response.once('finish', () => {
    if (request.complete) return
    request.resume()
    const timer = timers.set(UNREAD_MS, () => ('stream' in request ? request.stream.close(0) : request.socket.destroySoon()))
    request.once('close', () => timers.clear(timer))
  })
}
