import { randomBytes, randomInt, randomUUID, scrypt } from 'node:crypto'
import * as cryptoModule from 'node:crypto'
import { lookup } from 'node:dns'
import fs, { existsSync, readFileSync, stat } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect, createServer } from 'node:http2'
import { createConnection } from 'node:net'
import { hrtime } from 'node:process'
import { duplexPair } from 'node:stream'
import { setTimeout as laterTimeout } from 'node:timers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { bannedCalls } from './banned-calls.ts'
import { AmbientError, guarded, holdGuard } from './guard.ts'
import { VirtualTime } from './virtual-time.ts'

/** Captured before any guard: replaced globals are not seen, the resource behind them is. */
const captured = { setTimeout, gzip, setImmediate, readFile: fs.readFile, subtle: crypto.subtle.digest.bind(crypto.subtle) }
const here = new URL(import.meta.url).pathname

/** [what the error names, the planted use]. */
const PLANTED: readonly (readonly [string, () => unknown])[] = [
  ['Date.now', () => Date.now()],
  ['Date.now', () => globalThis.Date.now()],
  ['new Date()', () => new Date()],
  ['Date()', () => Date()],
  ['Math.random', () => Math.random()],
  ['performance.now', () => performance.now()],
  ['performance.mark', () => performance.mark('x')],
  ['process.hrtime', () => process.hrtime()],
  ['process.hrtime', () => hrtime()],
  ['process.hrtime.bigint', () => process.hrtime.bigint()],
  ['process.uptime', () => process.uptime()],
  ['Temporal.Now.instant', () => (globalThis as unknown as { Temporal: { Now: { instant(): unknown } } }).Temporal.Now.instant()],
  ['setTimeout', () => setTimeout(() => undefined, 1)],
  ['setTimeout', () => globalThis.setTimeout(() => undefined, 1)],
  ['setTimeout', () => laterTimeout(() => undefined, 1)],
  ['setTimeout of node:timers/promises', () => sleep(1)],
  ['setTimeout of node:timers/promises', () => promisify(captured.setTimeout)(1)],
  ['Timeout', () => void captured.setTimeout(() => undefined, 1)],
  ['setInterval', () => setInterval(() => undefined, 1)],
  ['setImmediate', () => setImmediate(() => undefined)],
  ['Immediate', () => void captured.setImmediate(() => undefined)],
  ['AbortSignal.timeout', () => AbortSignal.timeout(1)],
  ['crypto.randomUUID', () => crypto.randomUUID()],
  ['crypto.randomUUID', () => randomUUID()],
  ['crypto.randomUUID', () => cryptoModule.webcrypto.randomUUID()],
  ['crypto.randomBytes', () => randomBytes(4)],
  ['crypto.randomBytes', () => cryptoModule.randomBytes(4)],
  ['crypto.randomInt', () => randomInt(4)],
  ['crypto.getRandomValues', () => crypto.getRandomValues(new Uint8Array(4))],
  ['crypto.getRandomValues', () => cryptoModule.getRandomValues(new Uint8Array(4))],
  ['crypto.subtle.digest', () => crypto.subtle.digest('SHA-256', new Uint8Array(1))],
  ['HASHREQUEST', () => captured.subtle('SHA-256', new Uint8Array(1))],
  ['crypto.scrypt', () => scrypt('a', 'b', 8, () => undefined)],
  ['zlib.gzip', () => gzip('x', () => undefined)],
  ['ZLIB', () => captured.gzip('x', () => undefined)],
  ['fs.readFileSync', () => readFileSync(here)],
  ['fs.existsSync', () => fs.existsSync(here)],
  ['fs.existsSync', () => existsSync(here)],
  ['fs.stat', () => stat(here, () => undefined)],
  ['fs.promises.readFile', () => readFile(here)],
  ['fs.promises.stat', () => fs.promises.stat(here)],
  ['FSREQCALLBACK', () => captured.readFile(here, () => undefined)],
  ['GETADDRINFOREQWRAP', () => lookup('localhost', () => undefined)],
  ['TCPWRAP', () => createConnection(1, '127.0.0.1').on('error', () => undefined).destroy()],
  ['WeakRef', () => new WeakRef({})],
  ['FinalizationRegistry', () => new FinalizationRegistry(() => undefined)],
]

/** What of the platform a guard replaces, as it is now. */
function platform(): unknown[] {
  const globals = ['Date', 'setTimeout', 'clearTimeout', 'WeakRef', 'FinalizationRegistry'].map((key) => Object.getOwnPropertyDescriptor(globalThis, key))
  return [...bannedCalls().map(({ target, key }) => Object.getOwnPropertyDescriptor(target, key)?.value as unknown), ...globals.map((found) => found?.value as unknown), randomUUID, readFileSync, sleep]
}

async function failure(run: () => Promise<unknown>): Promise<AmbientError> {
  const error: unknown = await guarded(run).then(() => undefined, (thrown: unknown) => thrown)
  if (!(error instanceof AmbientError)) throw new Error(`expected the guard to trip, got ${String(error)}`)
  return error
}

describe('a run that reaches for the real world fails', () => {
  test.each(PLANTED)('%s, used as %s', async (call, use) => {
    const error = await failure(async () => void (await use()))
    expect(error.call).toBe(call)
    expect(error.frame).toContain('guard.test.ts')
    expect(error.message).toMatch(/^.+ was used inside a simulated run, at .+guard\.test\.ts:\d+:\d+.*: a run that does so cannot be repeated; .+/)
  })

  test('also when the error is swallowed', async () => {
    const swallowing = async (): Promise<void> => {
      try {
        Date.now()
      } catch {
        // A library that tries a clock and goes on without it.
      }
    }
    expect((await failure(swallowing)).call).toBe('Date.now')
  })

  test('also from an event, a promise or a tick that the run started', async () => {
    for (const start of [(use: () => void) => queueMicrotask(use), (use: () => void) => process.nextTick(use), (use: () => void) => void Promise.resolve().then(use)]) {
      const swallowed = (): void => {
        try {
          randomUUID()
        } catch {
          // Noted all the same.
        }
      }
      const inAnEvent = async (): Promise<void> => {
        const time = new VirtualTime(1)
        time.schedule(5, () => start(swallowed))
        await time.runUntil(10)
      }
      expect((await failure(inAnEvent)).call).toBe('crypto.randomUUID')
    }
  })

  test('the first use is the one that is named, and what the run failed with is its cause', async () => {
    const run = async (): Promise<void> => {
      try {
        Math.random()
      } catch {
        throw new Error('what followed from it')
      }
    }
    const error = await failure(run)
    expect(error.call).toBe('Math.random')
    expect(error.cause).toEqual(new Error('what followed from it'))
  })
})

describe('a run that keeps to its ports', () => {
  test('passes, with everything that depends on nothing outside', async () => {
    const result = await guarded(async () => {
      const time = new VirtualTime(1)
      let seen = ''
      time.schedule(3, () => queueMicrotask(() => process.nextTick(() => void (seen += 'done'))))
      await time.runUntil(10)
      seen += new Date(0).toISOString() + gzipSync('x').length + cryptoModule.createHash('sha256').update('x').digest('hex').slice(0, 4)
      return seen + String(new Date(5) instanceof Date)
    })
    expect(result).toBe(`done1970-01-01T00:00:00.000Z${gzipSync('x').length}2d71true`)
  })

  test('fails with its own error', async () => {
    await expect(guarded(async () => Promise.reject(new Error('its own')))).rejects.toThrow('its own')
  })

  test('leaves alone what runs beside it', async () => {
    const beside: number[] = []
    const timer = setInterval(() => beside.push(Date.now() + Math.random()), 1)
    await guarded(async () => {
      const time = new VirtualTime(1, 1)
      for (let i = 0; i < 20_000; i += 1) time.schedule(i, () => undefined)
      while (beside.length === 0) await time.runUntil(time.now + 100)
    })
    clearInterval(timer)
    expect(beside[0]).toBeGreaterThan(1e12)
  })
})

describe('afterwards everything is as before', () => {
  test('after a run, after a failure, after many at once', async () => {
    const before = platform()
    await guarded(async () => expect(platform()).not.toEqual(before))
    expect(platform()).toEqual(before)
    await failure(async () => Date.now())
    expect(platform()).toEqual(before)
    await Promise.allSettled([guarded(async () => null), guarded(async () => Math.random()), guarded(async () => Promise.reject(new Error('x')))])
    expect(platform()).toEqual(before)
    expect(readFileSync(here).length).toBeGreaterThan(0)
    await sleep(1)
  })

  test('a held guard stays for many runs, and goes when it is released', async () => {
    const before = platform()
    const release = holdGuard()
    await guarded(async () => null)
    expect(platform()).not.toEqual(before)
    expect(Date.now()).toBeGreaterThan(1e12)
    release()
    expect(platform()).toEqual(before)
  })
})

describe('level http2', () => {
  test('clocks and timers that libraries reach for are virtual', async () => {
    const time = new VirtualTime(1, 2)
    const seen: unknown[] = []
    await guarded(async () => {
      const start = time.wall
      setTimeout((text: string) => seen.push([text, Date.now() - start, new Date().getTime() - start, performance.now(), process.hrtime()]), 1_500, 'timer')
      clearTimeout(setTimeout(() => seen.push('cleared'), 10))
      const every = setInterval(() => void (seen.push(`every@${performance.now()}`), performance.now() > 5_000 && clearInterval(every)), 2_000)
      setTimeout(() => setImmediate(() => seen.push(Number(process.hrtime.bigint()))), 100).unref().refresh()
      await time.runUntil(10_000)
    }, { kind: 'http2', runtime: time.runtime('libraries') })
    expect(seen).toEqual([100e6, ['timer', 1_500, 1_500, 1_500, [1, 500_000_000]], 'every@2000', 'every@4000', 'every@6000'])
  })

  test('the HTTP/2 of Node pings with a count and is answered in virtual time', async () => {
    const time = new VirtualTime(1, 2)
    const [ours, theirs] = duplexPair()
    const answers: unknown[] = []
    await guarded(async () => {
      const server = createServer()
      server.emit('connection', theirs)
      const session = connect('http://memory', { createConnection: () => ours })
      const ping = () => session.ping((_error, ms, payload) => answers.push([ms, Buffer.from(payload).readDoubleLE()]))
      for (const at of [10, 20]) time.schedule(at, ping)
      await time.runUntil(1_000)
      session.destroy()
      await time.runUntil(2_000)
    }, { kind: 'http2', runtime: time.runtime('libraries') })
    expect(answers).toEqual([[0, 1], [0, 2]])
  })

  test('what is neither a clock nor a timer is banned there too', async () => {
    for (const use of [() => randomUUID(), () => readFileSync(here), () => sleep(1)]) {
      const level = { kind: 'http2', runtime: new VirtualTime(1).runtime('libraries') } as const
      await expect(guarded(async () => void (await use()), level)).rejects.toThrow(AmbientError)
    }
  })
})
