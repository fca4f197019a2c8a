import { thisBuild } from '@concord/sim/campaign/this-build'
import { resultJson } from '@concord/sim/report/result-file'
import type { Comparison } from '@concord/sim/report/parts/run-plots'
import type { LivePlan } from '@concord/sim/live/plan/live-plan'
import type { LiveOptions } from '@concord/sim/live/run-live'
import { LATENCY_SERIES, type Plan } from '@concord/sim/plan/plan'
import type { RunResult } from '@concord/sim/run/run-result'
import type { Arguments, Io, OptionTable } from '../../command/command.ts'
import { CommandError, EXIT, type ExitCode, usageError } from '../../command/exit.ts'
import { progressBar } from '../../command/progress.ts'
import { planOf } from './plan-arguments.ts'
import { writeReport } from './report.ts'
import { describeResult, exitOf } from './verdict.ts'
import { runPlan, watchedRun } from './watched-run.ts'
import { writeOut } from './write-file.ts'

/** Options of `sim run` for a run against a real server. */
export const LIVE_OPTIONS: OptionTable = {
  live: { kind: 'flag', doc: 'run the plan against a real server over sockets, in real time' },
  url: { kind: 'text', doc: 'with --live: a server in development mode that runs already; faults of its process are left out (default: one of our own)' },
  idle: { kind: 'number', value: 'SECONDS', doc: 'with --live: cut stretches in which nothing happens to this (default: so that the plan takes at most three minutes)' },
  speed: { kind: 'number', value: 'FACTOR', doc: 'with --live: divide what is left of such stretches (default: 1)' },
  streams: { kind: 'number', value: 'SHARE', doc: 'with --live: share of the clients that use streams over HTTP/2 instead of a WebSocket, 0 to 1 (default: 0)' },
  processes: { kind: 'number', doc: 'with --live: processes that carry the clients (default: by their number)' },
  compare: { kind: 'flag', doc: 'with --live: simulate the same plan first, and show the prediction beside the measurement' },
}

/** A wait without a word is shorter than this where nobody watches a bar. */
const WORD_MS = 10_000

/** Runs a plan live, and in the simulator first where that is asked for. */
export async function live(args: Arguments, io: Io): Promise<ExitCode> {
  const { plan: given, source } = planOf(args)
  const options = liveOptions(args)
  const { livePlan } = await import('@concord/sim/live/plan/live-plan')
  const made = livePlan(given, options)
  const build = thisBuild()
  const line = `npx concord sim run ${source}${source.endsWith('.json') ? '' : ` --seed ${given.seed}`} --live${args.flag('compare') ? ' --compare' : ''}   (commit ${build.commit}, Node ${build.node}, level live)`
  io.progress(line)
  const predicted = args.flag('compare') ? await predict(made, given, io) : undefined
  const result = await measured(made, options, io)
  const comparison: Comparison | undefined = predicted === undefined ? undefined : { here: 'measured', there: 'simulated', result: predicted }
  const [report, out] = [args.text('report'), args.text('result')]
  if (out !== undefined) writeOut(out, resultJson(result))
  if (report !== undefined) writeReport(report, result, { repro: line, environment: build, ...(comparison === undefined ? {} : { comparison }), ...(out === undefined ? {} : { json: out }) })
  io.result(result, `${describeResult(result)}\n${describeFigures(result, predicted)}${skippedLines(result)}\n${line}`)
  return exitOf(result.verdict)
}

function skippedLines({ skipped }: RunResult): string {
  const shown = skipped.slice(0, 10).map(({ id, why }) => `\n  left out        ${id}: ${why}`)
  return `${shown.join('')}${skipped.length > 10 ? `\n  left out        and ${skipped.length - 10} more` : ''}`
}

/** Refuses options that mean nothing without --live. */
export function withoutLive(args: Arguments): void {
  const given = Object.keys(LIVE_OPTIONS).find((name) => args.flag(name) || args.text(name) !== undefined)
  if (given !== undefined) throw usageError(`--${given} is for live runs: add --live`)
}

function liveOptions(args: Arguments): LiveOptions {
  const number = (name: string, least: number, most: number): number | undefined => {
    const value = args.number(name)
    if (value !== undefined && (value < least || value > most)) throw usageError(`--${name} takes ${least} to ${most}, not ${value}`)
    return value
  }
  const url = args.text('url')
  if (url !== undefined && !URL.canParse(url)) throw usageError(`--url takes an address as http://127.0.0.1:7420, not ${JSON.stringify(url)}`)
  const idle = number('idle', 0.001, 86_400)
  const [speed, streams, processes] = [number('speed', 0.01, 1_000), number('streams', 0, 1), number('processes', 0, 64)]
  return {
    ...(url === undefined ? {} : { url: new URL(url).origin }),
    ...(idle === undefined ? {} : { idleMs: idle * 1_000 }),
    ...(speed === undefined ? {} : { speed }),
    ...(streams === undefined ? {} : { streams }),
    ...(processes === undefined ? {} : { processes }),
  }
}

function predict({ plan }: LivePlan, { level }: Plan, io: Io): Promise<RunResult> {
  io.progress('simulating the same plan')
  return watchedRun(runPlan, { ...plan, level: level === 'live' ? 'message' : level }, io)
}

async function measured(live: LivePlan, options: LiveOptions, io: Io): Promise<RunResult> {
  const { runLive } = await import('@concord/sim/live/run-live')
  const bar = progressBar(io, 'seconds', Math.ceil((live.plan.endMs + live.plan.healMs) / 1_000))
  let [said, at] = ['', 0]
  const progress = (what: string, doneMs: number): void => {
    bar.at(Math.floor(doneMs / 1_000), what)
    const now = performance.now()
    const [topic = ''] = what.split(':')
    if (io.isTerminal || (topic === said && now - at < WORD_MS)) return
    ;[said, at] = [topic, now]
    io.progress(`${(doneMs / 1_000).toFixed(0)} s: ${what}`)
  }
  try {
    return await runLive(live, { ...options, progress })
  } catch (error) {
    throw new CommandError(EXIT.crashed, `the live run broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  } finally {
    bar.done()
  }
}

/** What was measured, beside what was predicted where somebody asked for it. */
export function describeFigures(result: RunResult, predicted?: RunResult): string {
  const both = (simulated: string, live: string): string => (predicted === undefined ? live : `${simulated} / ${live}`)
  const rows = LATENCY_SERIES.flatMap((name) => {
    const [live, simulated] = [result.overall?.[name], predicted?.overall?.[name]]
    if (live === undefined && simulated === undefined) return []
    const figures = PERCENTILES.map((pick) => both(ms(simulated?.[pick]), ms(live?.[pick])).padEnd(16))
    return [`  ${name.padEnd(15)} ${figures.join(' ')} ${both(String(simulated?.samples ?? 0), String(live?.samples ?? 0))}`]
  })
  const heading = `  ${both('simulated', 'measured').padEnd(15)} ${PERCENTILES.map((name) => `${name}, ms`.padEnd(16)).join(' ')} samples`
  const all = [result, ...(predicted === undefined ? [] : [predicted])].map(allBack)
  const back = all[0] === undefined ? [] : [`  all back        ${both(seconds(all[1]), seconds(all[0]))} for the slowest`]
  return [heading, ...rows, ...back].join('\n')
}

const PERCENTILES = ['p50', 'p95', 'p99', 'most'] as const

/** The longest that anybody was away, in milliseconds. */
function allBack({ overall }: RunResult): number | undefined {
  return overall?.reconnect?.most
}

function ms(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(value < 100 ? 1 : 0)
}

function seconds(value: number | undefined): string {
  return value === undefined ? '-' : `${(value / 1_000).toFixed(1)} s`
}
