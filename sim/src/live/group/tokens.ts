import { systemRuntime } from '@concord/runtime'

/** Development tokens live for 15 minutes; one that is older than this is asked for anew. */
const FRESH_MS = 600_000

/** Asked at once. */
const TOGETHER = 32

/** Development tokens of a server, kept for as long as they are good: a herd comes back while nobody issues any. */
export class Tokens {
  readonly #url: string
  readonly #known = new Map<string, { readonly token: string; readonly at: number }>()

  /** @param url of the server itself: issuing is not what is tested */
  constructor(url: string) {
    this.#url = url
  }

  async of(user: string): Promise<string> {
    const known = this.#known.get(user)
    if (known !== undefined && systemRuntime.clock.monotonic() - known.at < FRESH_MS) return known.token
    const token = await this.#issued(user)
    this.#known.set(user, { token, at: systemRuntime.clock.monotonic() })
    return token
  }

  /** Asks ahead for many. */
  async prepare(users: readonly string[]): Promise<void> {
    await inTurn(users, TOGETHER, async (user) => void (await this.of(user)))
  }

  async #issued(user: string): Promise<string> {
    const headers = { 'content-type': 'application/json', origin: this.#url }
    const response = await fetch(`${this.#url}/dev/token`, { method: 'POST', headers, body: JSON.stringify({ user }) })
    if (!response.ok) throw new Error(`${this.#url} issues no development tokens (${response.status}): a live run needs a server in development mode`)
    return ((await response.json()) as { readonly token: string }).token
  }
}

/** Does something for each, so many at a time. */
export async function inTurn<T>(all: readonly T[], together: number, work: (one: T) => Promise<void>): Promise<void> {
  const queue = all.values()
  const worker = async (): Promise<void> => {
    for (const one of queue) await work(one)
  }
  await Promise.all(Array.from({ length: together }, worker))
}
