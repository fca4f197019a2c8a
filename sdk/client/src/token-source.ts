import type { Runtime, TimerHandle } from '@concord/runtime'

/** A token is renewed this long before it expires, in milliseconds, or after half its life when that is shorter. */
const RENEW_BEFORE_MS = 60_000

/** Asks the application for tokens, keeps the last one while it is good, and asks in time for the next. */
export class TokenSource {
  private readonly callback: () => Promise<string>
  private readonly runtime: Runtime
  private readonly renewed: (token: string) => void
  private current: Promise<string> | undefined
  private timer: TimerHandle | undefined

  /** @param renewed hears each token that replaces one that was about to expire. */
  constructor(callback: () => Promise<string>, runtime: Runtime, renewed: (token: string) => void) {
    this.callback = callback
    this.runtime = runtime
    this.renewed = renewed
  }

  /** Rejects with what the application's callback rejects with. */
  get(): Promise<string> {
    return (this.current ??= this.fetch())
  }

  /** The server did not take it: ask for another next time. */
  invalidate(): void {
    this.current = undefined
    this.stop()
  }

  stop(): void {
    if (this.timer !== undefined) this.runtime.timers.clear(this.timer)
    this.timer = undefined
  }

  private async fetch(): Promise<string> {
    try {
      const token = await this.callback()
      this.schedule(token)
      return token
    } catch (error) {
      this.current = undefined
      throw error
    }
  }

  private schedule(token: string): void {
    this.stop()
    const expiresAt = expiryOf(token)
    if (expiresAt === undefined) return
    const left = expiresAt - this.runtime.clock.now()
    this.timer = this.runtime.timers.set(Math.max(1_000, left - Math.min(RENEW_BEFORE_MS, left / 2)), () => void this.renew())
  }

  /** A callback that fails leaves the old token: the server says when it is no longer good. */
  private async renew(): Promise<void> {
    this.current = undefined
    try {
      this.renewed(await this.get())
    } catch {
      this.current = undefined
    }
  }
}

/** Milliseconds since 1970 from the `exp` claim, read without trust; undefined when the token is not a JWT with one. */
function expiryOf(token: string): number | undefined {
  const payload = token.split('.')[1]
  if (payload === undefined) return undefined
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    const expiry = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined
    return typeof expiry === 'number' ? expiry * 1_000 : undefined
  } catch {
    return undefined
  }
}
