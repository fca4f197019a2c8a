import type { Plan } from '../plan/plan.ts'
import { ASSUMPTIONS } from '../run/assumptions.ts'
import { faultWindows } from '../run/fault-windows.ts'
import type { RunResult } from '../run/run-result.ts'
import { systemRuntime } from '@concord/runtime'
import { JudgedRecording } from './judge/judge-recording.ts'
import type { LivePlan, LiveTime } from './plan/live-plan.ts'
import { LiveRun, type LiveEnd } from './live-run.ts'
import { ServerProcess } from './server-process.ts'
import { UNCHECKED } from './judge/unchecked.ts'
import { onTheWayOut } from './on-the-way-out.ts'

export interface LiveOptions extends LiveTime {
  /** A server in development mode that is there already; one of our own when left out. */
  readonly url?: string
  /** Processes that carry the clients; chosen by their number when left out. 0: this one. */
  readonly processes?: number
  /** Share of the clients whose sessions are streams over HTTP/2 instead of a WebSocket. */
  readonly streams?: number
  /** Told what is going on, in a few words. */
  readonly progress?: (what: string, doneMs: number, totalMs: number) => void
}

/**
 * Runs a plan against a running server over real sockets, with proxies of ours in between, and judges it by the same
 * checkers. The plan is one that {@link livePlan} made: every wait in it is waited for.
 */
export async function runLive({ plan, assumptions }: LivePlan, options: LiveOptions = {}): Promise<RunResult> {
  const began = systemRuntime.clock.monotonic()
  const progress = (what: string, doneMs = 0): void => options.progress?.(what, doneMs, plan.endMs + plan.healMs)
  progress('starting a server')
  const logged: LiveRun['logged'] = []
  const server = options.url === undefined ? await ServerProcess.start((line) => logged.push({ line, at: systemRuntime.clock.monotonic() })) : undefined
  const stay = onTheWayOut(() => server?.killNow())
  try {
    const run = new LiveRun({ plan, server, url: options.url ?? server?.url ?? '', streams: options.streams ?? 0, processes: options.processes, logged, progress })
    const end = await run.toTheEnd()
    progress('judging')
    return resultOf(plan, end, [...assumptions, ...assumptionsOf(end)], systemRuntime.clock.monotonic() - began)
  } finally {
    stay()
    await server?.end()
  }
}

function assumptionsOf({ latestMs, processes, proxies }: LiveEnd): string[] {
  const unchecked = [...UNCHECKED].map(([name, why]) => `Not checked live: ${name}, because ${why}.`)
  return [
    ...ASSUMPTIONS.live,
    `Clients ran in ${processes === 0 ? 'the process that also judged' : `${processes} processes`}, behind ${proxies}; an event of the plan took place at most ${latestMs.toFixed(0)} ms late.`,
    'A row counts as committed when the first client heard of it; that it was durable before its ack cannot be seen from outside, only that it is in the log in the end.',
    ...unchecked,
  ]
}

function resultOf(plan: Plan, end: LiveEnd, assumptions: readonly string[], wallMs: number): RunResult {
  const judged = new JudgedRecording({ plan, ...end })
  const { violations, statistics, trace, owners, sometimes } = judged
  const [first] = violations
  const verdict = first === undefined ? 'pass' : 'fail'
  const { messages, acknowledged, reconnects } = statistics
  const series = statistics.series({})
  const cpu = end.cpu.shares(statistics.stepMs, series.operations.length)
  return {
    format: 1,
    plan,
    verdict,
    because: first === undefined ? 'every promise that can be seen from outside was kept' : `${first.checker}: ${first.message}`,
    violations,
    checkers: judged.outcomes,
    levels: plan.expect.levels.map((level) => statistics.outcome(level)),
    hash: trace.hash(),
    figures: { virtualMs: end.endedAt, wallMs, events: end.entries.length, messages, versions: [...end.logs.values()].reduce((sum, log) => sum + log.length, 0), acknowledged, reconnects },
    sometimes: sometimes.counts(),
    overall: statistics.overall(),
    series: { ...series, cpu: cpu.length === 0 ? {} : { [plan.world.nodes[0]?.name ?? 'server']: cpu } },
    faults: faultWindows({ ...plan, events: plan.events.filter(({ id }) => !end.skipped.some((skipped) => skipped.id === id)) }, end.healedAt),
    owners: owners.spans(),
    trace: trace.lines(),
    assumptions,
    skipped: end.skipped,
  }
}
