import type { Violation } from '../../checkers/checker.ts'
import type { Plan } from '../../plan/plan.ts'
import type { FaultWindow, RunResult, TraceLine } from '../../run/run-result.ts'
import { concerns } from './concerns.ts'
import { html, type Html } from '../parts/html.ts'
import { isRunWide } from './run-wide.ts'
import { clip, clockOf, count, list, moment } from './words.ts'

/** What stands before the violation in the story that is told in words. */
const STORY_LINES = 8

/** Lanes that a violation is about: those that its message names, else those of the trace line at which it was noticed. */
export function whoIsConcerned({ plan, trace }: Pick<RunResult, 'plan' | 'trace'>, violation: Violation): string[] {
  const words = new Set(violation.message.split(/[^\p{L}\p{N}/_.-]+/u).map((word) => word.replace(/[.:]+$/, '')))
  const names = laneNames(plan).filter((name) => words.has(name))
  if (names.length > 0) return names.slice(0, 12)
  const line = lineOf(trace, violation)
  return line === undefined ? [] : [...new Set([line.from, ...(line.to === undefined ? [] : [line.to])])].filter((name) => name !== 'plan')
}

function laneNames({ world }: Plan): string[] {
  return [...world.actors.map(({ name }) => name), ...world.nodes.map(({ name }) => name)]
}

/** The last line of the trace that stands before the violation. */
function lineOf(trace: readonly TraceLine[], { seq }: Violation): TraceLine | undefined {
  return trace.findLast((line) => line.seq <= seq)
}

/** A fault without an end, as a broken connection, still counts for what happens so many milliseconds later. */
const AFTERMATH_MS = 1000

/** Faults that were at work at a moment. */
export function faultsAt(faults: readonly FaultWindow[], at: number): FaultWindow[] {
  return faults.filter(({ fromMs, toMs }) => fromMs <= at && at <= (toMs > fromMs ? toMs : fromMs + AFTERMATH_MS))
}

/** What was promised, what happened, when, who, and what went just before: the first violation for somebody who knows nothing. */
export function firstViolation(result: RunResult, first: Violation): Html {
  const others = result.violations.filter((other) => other !== first && !isRunWide(other))
  const promise = result.checkers.find(({ name }) => name === first.checker)?.promise
  const who = whoIsConcerned(result, first)
  const active = faultsAt(result.faults, first.at)
  const broken = active.length === 0 ? 'nothing: no fault was at work at that moment' : list(active.map(({ what }) => what), 5)
  const before = storyBefore(result, first, who)
  return html`<dl class="facts">
<dt>Promised</dt><dd>${promise ?? 'a promise that this report does not know'} <span class="note">(checker “${first.checker}”)</span></dd>
<dt>What happened</dt><dd><strong>${clip(first.message, 1000)}</strong></dd>
<dt>When</dt><dd>${moment(first.at)} of ${clockOf(result.plan.level)}, event ${first.seq} of the trace</dd>
<dt>Who</dt><dd>${who.length > 0 ? list(who, 12) : 'nobody in particular'}</dd>
<dt>Broken then</dt><dd>${broken}</dd></dl>
${before.length > 0 && html`<h3>Just before it</h3><ol class="story">${before.map((line) => html`<li>${storyLine(line)}</li>`)}</ol>`}
${others.length > 0 && otherViolations(others)}`
}

function storyBefore({ trace, plan }: RunResult, violation: Violation, who: readonly string[]): TraceLine[] {
  const [lanes, actors] = [new Set([...who, 'plan']), new Set(plan.world.actors.map(({ name }) => name))]
  const before = trace.filter(({ seq }) => seq <= violation.seq)
  const theirs = before.filter(({ from, to = from }) => concerns([from, to], lanes, (lane) => actors.has(lane)))
  return (theirs.length >= 3 ? theirs : before).slice(-STORY_LINES)
}

export function storyLine({ at, from, to, what }: Omit<TraceLine, 'seq'>): Html {
  return html`<span class="when">${clock(at)}</span> <span class="lane">${from}${to !== undefined && ` → ${to}`}</span> <span class="what">${clip(whatOf({ from, what }), 300)}</span>`
}

/** What happened, without the name of the lane that stands beside it. */
export function whatOf({ from, what }: Pick<TraceLine, 'from' | 'what'>): string {
  return what.startsWith(`${from} `) ? what.slice(from.length + 1) : what
}

/** Under each other, moments have their points in one place. */
function clock(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`
}

function otherViolations(others: readonly Violation[]): Html {
  const kinds = [...Map.groupBy(others, ({ checker }) => checker)].toSorted(([, a], [, b]) => b.length - a.length)
  return html`<details><summary>${count(others.length, 'further violation')}: ${list(kinds.map(([checker, of]) => `${of.length} of “${checker}”`), 6)}</summary>
<ol class="story">${others.slice(0, 30).map(({ at, checker, message }) => html`<li>${storyLine({ at, from: checker, what: message })}</li>`)}</ol></details>`
}
