import type { WireError } from '@concord/protocol'

/** The exact origins of pages that may call. The same list guards calls and WebSocket upgrades, which a browser sends without CORS. */
export class Origins {
  readonly #allowed: Set<string>

  constructor(allowed: Iterable<string>) {
    this.#allowed = new Set(allowed)
  }

  /** The page that a loopback listener itself serves, by each name of the loopback. */
  allowLoopback(port: number): void {
    for (const host of loopbackHosts(port)) this.#allowed.add(`http://${host}`)
  }

  /** A caller without an origin is no browser page. */
  check(origin: string | null | undefined): WireError | undefined {
    if (origin === null || origin === undefined || this.#allowed.has(origin)) return undefined
    return { reason: 'ORIGIN_FORBIDDEN', message: 'pages of this origin may not call: add it to CONCORD_ORIGINS' }
  }

  has(origin: string): boolean {
    return this.#allowed.has(origin)
  }
}

/** What `Host` says when somebody on this machine calls. */
export function loopbackHosts(port: number): readonly string[] {
  return ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`)
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
