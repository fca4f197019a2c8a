import { AsyncLocalStorage } from 'node:async_hooks'
import type { Runtime } from '@concord/runtime'
import { AmbientError, callerFrame } from './ambient-error.ts'

/** How a guarded run treats what libraries and Node do by themselves. */
export type GuardLevel =
  /** Nothing is allowed: levels message and bytes. */
  | { readonly kind: 'strict' }
  /** Node's own HTTP/2 may work, and clocks and timers that libraries reach for are virtual: level http2. */
  | { readonly kind: 'http2'; readonly runtime: Runtime }

/** One guarded run: everything that it calls, directly or later, finds it as its context. */
export class GuardedRun {
  readonly level: GuardLevel
  /** The first thing that reached for the real world. */
  violation: AmbientError | undefined

  constructor(level: GuardLevel) {
    this.level = level
  }

  /** Notes what happened; only the first counts, since the rest may follow from it. */
  note(call: string, instead: string): AmbientError {
    const error = new AmbientError(call, instead, callerFrame())
    this.violation ??= error
    return error
  }
}

interface GuardContext {
  readonly run: GuardedRun
  readonly runtime: Runtime | undefined
}

const contexts = new AsyncLocalStorage<GuardContext>()

/** The run that the code now running belongs to. */
export function currentRun(): GuardedRun | undefined {
  return contexts.getStore()?.run
}

/** Clock and timers for libraries in the code now running; undefined outside of a run and at strict levels. */
export function libraryRuntime(): Runtime | undefined {
  return contexts.getStore()?.runtime
}

export function within<T>(run: GuardedRun, body: () => T): T {
  return contexts.run({ run, runtime: run.level.kind === 'http2' ? run.level.runtime : undefined }, body)
}

/**
 * Runs `body` as one machine's process at level http2: clocks and timers that libraries reach for in it are that
 * machine's, skewed and dying with it. Outside of a guarded run, or at strict levels, just runs it.
 */
export function asProcess<T>(runtime: Runtime, body: () => T): T {
  const context = contexts.getStore()
  return context?.run.level.kind === 'http2' ? contexts.run({ run: context.run, runtime }, body) : body()
}
