import type { PlanChanges } from '@concord/sim/campaign/plan-of-seed'
import type { Build } from '@concord/sim/campaign/this-build'
import type { Plan } from '@concord/sim/plan/plan'
import { runCommand } from '@concord/sim/report/words/run-command'
import type { RunResult, Verdict } from '@concord/sim/run/run-result'
import { EXIT, type ExitCode } from '../../command/exit.ts'

const EXITS: Readonly<Record<Verdict, ExitCode>> = { pass: EXIT.ok, fail: EXIT.checkFailed, unknown: EXIT.unknown, crashed: EXIT.crashed }

export function exitOf(verdict: Verdict): ExitCode {
  return EXITS[verdict]
}

/**
 * What repeats a run, and where it ran.
 * @param source the scenario or file as it was given
 * @param changes what was asked for instead of the scenario's or the plan's own
 */
export function repro(source: string, plan: Plan, { commit, node }: Build, changes: PlanChanges = {}): string {
  return `${reproCommand(source, plan, changes)}   (commit ${commit}, Node ${node}, level ${plan.level})`
}

/** The command alone, as a shell takes it. */
export function reproCommand(source: string, { seed, bugs }: Plan, changes: PlanChanges = {}): string {
  const level = changes.level === undefined ? {} : { level: changes.level }
  return source.endsWith('.json') ? planCommand(source, changes) : runCommand({ scenario: source, seed, bugs, ...level })
}

const SHOWN = 5

function planCommand(file: string, { level, bugs }: PlanChanges): string {
  if (level === undefined && bugs === undefined) return `npx concord sim replay ${file}`
  return [`npx concord sim run ${file}`, level !== undefined && `--level ${level}`, bugs !== undefined && `--bug ${bugs.join(',')}`].filter((part) => part !== false).join(' ')
}

/** A result for people: what came of it, then the figures. */
export function describeResult({ verdict, because, violations, plan, levels, figures, hash }: RunResult): string {
  const shown = violations.slice(0, SHOWN).map(({ checker, message, at }) => `  at ${seconds(at)}  ${checker}: ${clip(message)}`)
  const missed = levels.map(({ series, percentile, atMostMs, measuredMs, samples, met }) => {
    const measured = measuredMs === undefined ? 'nothing measured' : `${measuredMs.toFixed(1)} ms of ${samples}`
    return `  ${`${series} p${percentile}`.padEnd(15)} ${measured}, at most ${atMostMs} ms: ${met ? 'met' : 'MISSED'}`
  })
  return [
    `${verdict.toUpperCase()}: ${plan.scenario}, seed ${plan.seed}: ${clip(because)}`,
    ...shown,
    ...(violations.length > SHOWN ? [`  and ${violations.length - SHOWN} more`] : []),
    `  virtual time    ${seconds(figures.virtualMs)} in ${seconds(figures.wallMs)}`,
    `  committed       ${figures.versions} versions, ${figures.acknowledged} acks`,
    `  messages        ${figures.messages}, ${figures.reconnects} reconnects, ${figures.events} events of the kernel`,
    ...missed,
    `  hash            ${hash}`,
  ].join('\n')
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 10_000 ? 3 : 1)} s`
}

function clip(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}...` : text
}
