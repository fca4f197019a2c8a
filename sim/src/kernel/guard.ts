import { createHook } from 'node:async_hooks'
import http2 from 'node:http2'
import { syncBuiltinESMExports } from 'node:module'
import { isKernelAsking, nodeHasBegun } from './drain.ts'
import { type BannedCall, bannedCalls } from './banned-calls.ts'
import { currentRun, GuardedRun, type GuardLevel, libraryRuntime, within } from './guard-context.ts'
import { Patches } from './patches.ts'
import { withVirtualPings } from './virtual-pings.ts'
import { VIRTUAL, VirtualTimer } from './virtual-globals.ts'

export { AmbientError } from './ambient-error.ts'
export { asProcess, type GuardLevel } from './guard-context.ts'

/**
 * Runs `body` and rejects with an {@link AmbientError} when it, or anything it started, reached for the real world: the
 * clock, timers, randomness, files, threads, sockets. What runs beside it is left alone: a progress bar may use its
 * timer. Everything is as before afterwards, whatever happens.
 */
export async function guarded<T>(body: () => Promise<T>, level: GuardLevel = { kind: 'strict' }): Promise<T> {
  const release = holdGuard()
  const run = new GuardedRun(level)
  try {
    const result = await within(run, body)
    if (run.violation !== undefined) throw run.violation
    return result
  } catch (error) {
    if (run.violation === undefined || run.violation === error) throw error
    throw Object.assign(run.violation, { cause: error })
  } finally {
    release()
  }
}

/** Keeps the guard's replacements in place until the returned function is called: for many small runs in a row. */
export function holdGuard(): () => void {
  if (guard.holders === 0) install()
  guard.holders += 1
  return () => {
    guard.holders -= 1
    if (guard.holders === 0) uninstall()
  }
}

/** The process has one set of globals, so there is one guard. */
const guard = { holders: 0 }
const patches = new Patches()

function install(): void {
  // Every pipe() of Node compares its target with these two, which makes them when nobody has asked for them before.
  void [process.stdout, process.stderr]
  try {
    for (const call of bannedCalls()) patches.replace(call.target, call.key, (original: Call) => guardedCall(call, original))
    patches.replace(globalThis, 'Date', guardedDate)
    for (const key of ['clearTimeout', 'clearInterval'] as const) patches.replace(globalThis, key, clearing)
    for (const key of ['FinalizationRegistry', 'WeakRef'] as const) patches.replace(globalThis, key, (original: object) => unobservable(key, original))
    patches.replace(http2, 'connect', withVirtualPings)
    syncBuiltinESMExports()
    hook.enable()
  } catch (error) {
    uninstall()
    throw error
  }
}

function uninstall(): void {
  hook.disable()
  patches.restore()
  syncBuiltinESMExports()
}

type Call = (...args: never[]) => unknown

function guardedCall({ name, instead, virtual }: BannedCall, original: Call): Call {
  const call = function (this: unknown, ...args: never[]): unknown {
    const run = currentRun()
    if (run === undefined) return Reflect.apply(original, this, args)
    const runtime = libraryRuntime()
    if (runtime !== undefined && virtual !== undefined) return virtual(runtime, ...args)
    throw run.note(name, instead)
  }
  return Object.defineProperties(call, Object.getOwnPropertyDescriptors(original)) as Call
}

/** `new Date(at)` is a value like any other; `new Date()` and `Date()` read the clock. */
function guardedDate(original: DateConstructor): DateConstructor {
  const ambient = (name: string, virtual: (runtime: NonNullable<ReturnType<typeof libraryRuntime>>) => unknown, real: () => unknown): unknown => {
    const run = currentRun()
    if (run === undefined) return real()
    const runtime = libraryRuntime()
    if (runtime !== undefined) return virtual(runtime)
    throw run.note(name, 'take the time from the clock of the runtime port')
  }
  return new Proxy(original, {
    apply: (target) => ambient('Date()', VIRTUAL.dateText, () => target()),
    construct: (target, args, newTarget) => {
      const make = (): object => Reflect.construct(target, args, newTarget) as object
      return (args.length > 0 ? make() : ambient('new Date()', VIRTUAL.date, make)) as object
    },
  })
}

function clearing(original: (timer: unknown) => void): (timer: unknown) => void {
  return (timer) => void (timer instanceof VirtualTimer ? timer.close() : original(timer))
}

/** When an object is collected is nobody's to know. */
function unobservable(name: string, original: object): object {
  return new Proxy(original, {
    construct: (target, args, newTarget) => {
      const run = currentRun()
      if (run !== undefined) throw run.note(name, 'let go of things when they end, not when they are collected')
      return Reflect.construct(target as new () => object, args, newTarget)
    },
  })
}

/** Resources that are only another word for "later in this turn", or that keep a callback's context for it. */
const LATER = new Set(['TickObject', 'Microtask', 'bound-anonymous-fn', 'STREAM_END_OF_STREAM'])

/**
 * What Node's HTTP/2 over in-memory streams is made of, none of which reaches outside of the process: sessions, streams,
 * settings and pings of nghttp2, the wrapper of a stream in JavaScript, its writes and its end, a request that waits for
 * its session, and the immediates by which they go on (the kernel lets the event loop turn for them).
 */
const HTTP2 = new Set(['HTTP2SESSION', 'HTTP2STREAM', 'HTTP2SETTINGS', 'HTTP2PING', 'JSSTREAM', 'WRITEWRAP', 'SHUTDOWNWRAP', 'PendingRequest', 'Immediate'])

const RESOURCE = 'nothing in a run may wait for a timer, a thread, a file or a socket'

/** `gzipSync` and its like make the same resource as `gzip`, and wait for nobody. */
function isSyncCompression(): boolean {
  return /\bsyncBufferWrapper\b.*\(node:zlib/.test(new Error().stack ?? '')
}

/** A hook must not throw, Node would end the process: the run fails when it is over. */
const hook = createHook({
  init: (_id, type) => {
    if (type === 'Immediate' && isKernelAsking()) return
    const run = currentRun()
    if (run === undefined) return
    if (run.level.kind === 'http2') nodeHasBegun()
    if (LATER.has(type) || (run.level.kind === 'http2' && HTTP2.has(type))) return
    if (type !== 'ZLIB' || !isSyncCompression()) run.note(type, RESOURCE)
  },
  trackPromises: false,
})
