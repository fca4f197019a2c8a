import { createHash } from 'node:crypto'
import type { Plan } from '../plan/plan.ts'
import type { RunResult } from '../run/run-result.ts'
import { failureKeys } from './failure.ts'

export interface SearchLimits {
  readonly maxRuns: number
  /** Wall time in milliseconds. */
  readonly maxMs: number
}

export interface SearchPorts {
  run(plan: Plan): Promise<RunResult>
  /** Milliseconds of a monotonic clock. */
  now(): number
  /** After every run. */
  tried?(accepted: boolean): void
}

/**
 * The smallest plan so far that still fails in the same way, and what is left of the budget. Passes propose; what fails
 * alike is taken at once, so that the search can be stopped at any time.
 */
export class Search {
  /** The failure that is followed. */
  readonly key: string
  readonly limits: SearchLimits
  readonly #ports: SearchPorts
  readonly #began: number
  readonly #tried = new Set<string>()
  #best: Plan
  #result: RunResult
  #runs = 0
  #taken = 0

  constructor(plan: Plan, result: RunResult, key: string, limits: SearchLimits, ports: SearchPorts) {
    this.#best = plan
    this.#result = result
    this.key = key
    this.limits = limits
    this.#ports = ports
    this.#began = ports.now()
    this.#tried.add(digest(plan))
  }

  get best(): Plan {
    return this.#best
  }

  get result(): RunResult {
    return this.#result
  }

  get runs(): number {
    return this.#runs
  }

  /** How many proposals were taken. */
  get taken(): number {
    return this.#taken
  }

  /** Why nothing is tried any more. */
  get spent(): 'runs' | 'time' | undefined {
    if (this.#runs >= this.limits.maxRuns) return 'runs'
    return this.#ports.now() - this.#began >= this.limits.maxMs ? 'time' : undefined
  }

  /** Takes `plan` when it fails in the same way. No plan is run twice. */
  async propose(plan: Plan): Promise<boolean> {
    if (this.spent !== undefined) return false
    const id = digest(plan)
    if (this.#tried.has(id)) return false
    this.#tried.add(id)
    this.#runs += 1
    const result = await this.#attempt(plan)
    const accepted = result !== undefined && failureKeys(result).includes(this.key)
    if (accepted) {
      this.#best = plan
      this.#result = result
      this.#taken += 1
    }
    this.#ports.tried?.(accepted)
    return accepted
  }

  /** A plan that cannot be run at all shows nothing. */
  async #attempt(plan: Plan): Promise<RunResult | undefined> {
    try {
      return await this.#ports.run(plan)
    } catch {
      return undefined
    }
  }
}

function digest(plan: Plan): string {
  return createHash('sha1').update(JSON.stringify(plan)).digest('base64')
}
