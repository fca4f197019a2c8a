import crypto from 'node:crypto'
import fs from 'node:fs'
import perfHooks from 'node:perf_hooks'
import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import zlib from 'node:zlib'
import { VIRTUAL, type VirtualCall } from './virtual-globals.ts'

/** A function that a run must not call. */
export interface BannedCall {
  /** As people write it. */
  readonly name: string
  readonly target: object
  readonly key: string
  /** What to use instead. */
  readonly instead: string
  /** What it does at level http2; absent when it is banned there too. */
  readonly virtual?: VirtualCall
}

const CLOCK = 'take the time from the clock of the runtime port'
const TIMERS = 'use the timers of the runtime port'
const RANDOM = 'draw from the random of the runtime port'
const STORES = 'use the stores of the run'
const SYNC = 'its answer comes when a real thread is done: use the call that answers at once (…Sync), or a fake'

/** Every function that is banned, in the order in which it is replaced. */
export function bannedCalls(): BannedCall[] {
  return [...clocks(), ...timing(), ...randomness(), ...slowCrypto(), ...compression(), ...files()]
}

function clocks(): BannedCall[] {
  const { performance } = globalThis
  const call = (name: string, target: object, key: string, virtual?: VirtualCall): BannedCall => ({ name, target, key, instead: CLOCK, ...(virtual === undefined ? {} : { virtual }) })
  return [
    call('Date.now', Date, 'now', VIRTUAL.now),
    call('performance.now', Object.getPrototypeOf(performance) as object, 'now', VIRTUAL.monotonic),
    call('performance.mark', Object.getPrototypeOf(performance) as object, 'mark'),
    call('performance.measure', Object.getPrototypeOf(performance) as object, 'measure'),
    call('process.hrtime.bigint', process.hrtime, 'bigint', VIRTUAL.hrtimeBigint),
    call('process.hrtime', process, 'hrtime', VIRTUAL.hrtime),
    ...['uptime', 'cpuUsage', 'threadCpuUsage', 'resourceUsage', 'memoryUsage'].map((key) => call(`process.${key}`, process, key)),
    call('monitorEventLoopDelay', perfHooks, 'monitorEventLoopDelay'),
    ...temporalNow().map(([target, key]) => call(`Temporal.Now.${key}`, target, key)),
  ]
}

/** Absent before Node 26. */
function temporalNow(): [object, string][] {
  const { Temporal } = globalThis as { Temporal?: { readonly Now: object } }
  return Temporal === undefined ? [] : Object.getOwnPropertyNames(Temporal.Now).map((key) => [Temporal.Now, key])
}

function timing(): BannedCall[] {
  const keys = ['setTimeout', 'setInterval', 'setImmediate'] as const
  return [
    ...keys.flatMap((key) => [globalThis, timers].map((target) => ({ name: key, target, key, instead: TIMERS, virtual: VIRTUAL[key] }))),
    ...keys.map((key) => ({ name: `${key} of node:timers/promises`, target: timersPromises, key, instead: TIMERS })),
    ...['wait', 'yield'].map((key) => ({ name: `scheduler.${key}`, target: Object.getPrototypeOf(timersPromises.scheduler) as object, key, instead: TIMERS })),
    { name: 'AbortSignal.timeout', target: AbortSignal, key: 'timeout', instead: TIMERS },
  ]
}

function randomness(): BannedCall[] {
  const prototype = Object.getPrototypeOf(crypto.webcrypto) as object
  const names = ['randomUUID', 'randomUUIDv7', 'randomBytes', 'randomInt', 'randomFill', 'randomFillSync', 'getRandomValues']
  return [
    { name: 'Math.random', target: Math, key: 'random', instead: RANDOM },
    ...names.map((key) => ({ name: `crypto.${key}`, target: crypto, key, instead: RANDOM })),
    ...['randomUUID', 'getRandomValues'].map((key) => ({ name: `crypto.${key}`, target: prototype, key, instead: RANDOM })),
    ...Object.keys(crypto).filter((key) => /^generate/.test(key)).map((key) => ({ name: `crypto.${key}`, target: crypto, key, instead: 'make keys before the run' })),
  ]
}

function slowCrypto(): BannedCall[] {
  const subtle = Object.getPrototypeOf(crypto.webcrypto.subtle) as object
  const methods = Object.getOwnPropertyNames(subtle).filter((key) => key !== 'constructor')
  const calls = ['argon2', 'checkPrime', 'hkdf', 'pbkdf2', 'scrypt']
  return [
    ...methods.map((key) => ({ name: `crypto.subtle.${key}`, target: subtle, key, instead: SYNC })),
    ...calls.map((key) => ({ name: `crypto.${key}`, target: crypto, key, instead: SYNC })),
  ]
}

function compression(): BannedCall[] {
  const isSlow = (key: string): boolean => /^(create(?!.*Sync$)|\w*(flate|flateRaw|[zZ]ip|ompress)$|zipFiles)/.test(key) && !/^[A-Z]/.test(key)
  return Object.keys(zlib).filter(isSlow).map((key) => ({ name: `zlib.${key}`, target: zlib, key, instead: SYNC }))
}

function files(): BannedCall[] {
  const all = (target: object, name: string): BannedCall[] =>
    Object.entries(target)
      .filter(([key, value]) => typeof value === 'function' && /^[a-z]/.test(key))
      .map(([key]) => ({ name: `${name}.${key}`, target, key, instead: STORES }))
  return [...all(fs, 'fs'), ...all(fs.promises, 'fs.promises')]
}
