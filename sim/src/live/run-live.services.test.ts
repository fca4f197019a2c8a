import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import type { PlanEvent, PlanEventFields } from '../plan/plan-event.ts'
import { PERFECT } from '../plan/link-model.ts'
import { livePlan } from './plan/live-plan.ts'
import { type LiveOptions, runLive } from './run-live.ts'
import { ServerProcess } from './server-process.ts'
import { planWith } from './testing/plan-with.ts'

const EDITORS = 3
const LINKS = { near: { ...PERFECT, delayMs: 3, delayP99Ms: 9, sliceBytes: 40 } }

/** Everybody joins and types twenty unique characters, one every 300 ms, while `faults` happen. */
function plan(faults: readonly (PlanEventFields & { readonly at: number })[], endMs = 9_000) {
  const names = Array.from({ length: EDITORS }, (_, index) => `editors/${index + 1}`)
  const fields = names.flatMap((actor, who) => [
    { at: 0, kind: 'join', actor } as const,
    ...Array.from({ length: 20 }, (_, n) => ({ at: 1_500 + n * 300 + who * 7, kind: 'insert', actor, place: (n % 5) / 5, text: String.fromCharCode(0x4e00 + who * 100 + n) }) as const),
  ])
  const events = [...fields, ...faults].sort((a, b) => a.at - b.at).map((event, index): PlanEvent => ({ ...event, id: `e${index + 1}` }))
  return planWith({ events, endMs, editors: EDITORS, world: { links: LINKS } })
}

async function run(faults: Parameters<typeof plan>[0], options: LiveOptions = {}) {
  const result = await runLive(livePlan(plan(faults)), options)
  return { ...result, broken: result.violations.map(({ checker, message }) => `${checker}: ${message}`) }
}

function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('concord-live-'))
}

test('a killed, paused and drained server, resets, hangs and stalls: everything typed is there once', async () => {
  const before = leftovers()
  const result = await run([
    { at: 2_500, kind: 'cut', actor: 'editors/1' },
    { at: 2_800, kind: 'kill', node: 'n1' },
    { at: 3_000, kind: 'start', node: 'n1' },
    { at: 3_200, kind: 'offline', actor: 'editors/2' },
    { at: 5_000, kind: 'online', actor: 'editors/2' },
    { at: 5_200, kind: 'pause', node: 'n1' },
    { at: 6_200, kind: 'resume', node: 'n1' },
    { at: 6_400, kind: 'hang', actor: 'editors/3' },
    { at: 7_400, kind: 'online', actor: 'editors/3' },
    { at: 7_500, kind: 'partition', a: ['n1'], b: ['editors/1'], oneWay: true },
    { at: 7_600, kind: 'stall', actor: 'editors/2', forMs: 500 },
    { at: 7_700, kind: 'crash', actor: 'editors/3' },
    { at: 7_800, kind: 'storage', unavailable: 'writes' },
    { at: 8_000, kind: 'drain', node: 'n1' },
  ])
  expect(result.broken).toEqual([])
  expect(result.verdict).toBe('pass')
  // Rows of the text it began with, and what each of the three typed: batches make fewer rows of it.
  expect(result.figures.versions).toBeGreaterThan(10)
  expect(result.figures.reconnects).toBeGreaterThanOrEqual(EDITORS)
  expect(result.skipped.map(({ why }) => why)).toEqual(['the store is inside the server, where no proxy stands'])
  expect(result.owners.length).toBeGreaterThanOrEqual(2)
  expect(result.checkers.map(({ name }) => name)).not.toContain('one writer')
  expect(result.assumptions.join(' ')).toContain('Not checked live: one writer')
  expect(leftovers().filter((name) => !before.includes(name))).toEqual([])
}, 90_000)

test('clients in processes of their own tell what clients in this one tell', async () => {
  const result = await run([{ at: 3_000, kind: 'cut', actor: 'editors/2' }], { processes: 2, streams: 0.5 })
  expect(result.broken).toEqual([])
  expect(result.overall?.ack?.samples).toBeGreaterThan(10)
  expect(result.overall?.visible?.samples).toBeGreaterThan(20)
}, 90_000)

test('a server that runs already is used and left alone', async () => {
  const server = await ServerProcess.start()
  try {
    const { pid } = server
    const result = await run([{ at: 3_000, kind: 'kill', node: 'n1' }], { url: server.url })
    expect([result.verdict, result.skipped.map(({ why }) => why)]).toEqual(['pass', ['the server was there before and is not ours to stop']])
    expect(existsSync(`/proc/${pid}`)).toBe(true)
  } finally {
    await server.end()
  }
}, 90_000)
