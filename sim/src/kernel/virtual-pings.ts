import type { ClientHttp2Session } from 'node:http2'
import { libraryRuntime } from './guard-context.ts'

type Connect = (...args: unknown[]) => ClientHttp2Session
type Answered = (error: Error | null, durationMs: number, payload: Buffer) => void

/**
 * `connect` of Node's HTTP/2 at level http2. A ping carries Node's clock as its payload and is answered with the time it
 * took by that clock, by which Connect decides whether a connection is dead: here the payload is a count and the time is
 * virtual.
 */
export function withVirtualPings(connect: Connect): Connect {
  return (...args) => {
    const session = connect(...args)
    const runtime = libraryRuntime()
    if (runtime === undefined) return session
    const { clock } = runtime
    const send = session.ping.bind(session)
    let count = 0
    const ping = (first: Uint8Array | Answered, second?: Answered): boolean => {
      const answered = typeof first === 'function' ? first : second
      const sentAt = clock.monotonic()
      count += 1
      const payload = typeof first === 'function' ? Buffer.from(new Float64Array([count]).buffer) : first
      return send(payload, (error, _duration, echoed) => answered?.(error, clock.monotonic() - sentAt, echoed))
    }
    return Object.assign(session, { ping })
  }
}
