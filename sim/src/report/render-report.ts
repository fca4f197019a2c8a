import type { LatencySeries, Plan } from '../plan/plan.ts'
import type { RunResult } from '../run/run-result.ts'
import { busyMs } from './parts/busy-ms.ts'
import { describeScenario, plantedBugs } from './words/describe-scenario.ts'
import { firstViolation } from './words/first-violation.ts'
import { glossary } from './words/glossary.ts'
import { headline } from './words/headline.ts'
import { type Content, html, type Html } from './parts/html.ts'
import { LATENCY_WORDS } from './words/latency-words.ts'
import { missedLevels } from './words/missed-levels.ts'
import { ownerBars } from './parts/owner-bars.ts'
import { page, type Section } from './parts/page.ts'
import { plot } from './parts/plot.ts'
import { reproBlock } from './parts/repro-block.ts'
import { runCommand } from './words/run-command.ts'
import { type Comparison, runPlots } from './parts/run-plots.ts'
import { firstInTime, isRunWide } from './words/run-wide.ts'
import { serviceLevels } from './parts/service-levels.ts'
import { swimlane } from './parts/swimlane.ts'
import { table } from './parts/table.ts'
import { VERDICT_WORDS } from './words/verdict-words.ts'
import { amount, clip, clockOf, count, difference, duration, list, moment, sentence } from './words/words.ts'

/** What a report may hold beside the result itself. */
export interface ReportExtra {
  /** What the scenario is about, in the words of its file. */
  readonly about?: string
  /** The command that repeats the run; made from scenario, seed and level when it is left out. */
  readonly repro?: string
  /** Where it ran: what a repeat must have in common to be the same, byte for byte. */
  readonly environment?: { readonly commit?: string; readonly node?: string; readonly machine?: string; readonly date?: string }
  /** The smallest plan that still shows the first violation, its run, its story, and how to repeat it. */
  readonly minimal?: { readonly plan: Plan; readonly result: RunResult; readonly story: readonly string[]; readonly repro?: string }
  /** A second run laid over this one. */
  readonly comparison?: Comparison
  /** The JSON beside the page, relative to it. */
  readonly json?: string
}

/** A trace of so many lines is shown at once. */
const SMALL_TRACE = 80

/** One self-contained HTML file that tells a newcomer what was run, whether it passed, and if not, what went wrong. */
export function renderReport(result: RunResult, extra: ReportExtra = {}): string {
  const title = `${VERDICT_WORDS[result.verdict]}: ${result.plan.title}, seed ${result.plan.seed} · Concord simulator`
  return page({ title, header: header(result, extra), sections: sections(result, extra) })
}

/** The command that repeats a run of its scenario. */
export function reproLine({ scenario, seed, level, bugs }: Plan): string {
  return runCommand({ scenario, seed, bugs, ...(level === 'message' ? {} : { level }) })
}

function header(result: RunResult, { repro, environment = {}, json }: ReportExtra): Html {
  const { verdict, because, plan, figures, hash } = result
  const [, ...rest] = because.split('\n')
  const facts = [
    `seed ${plan.seed}`,
    `level ${plan.level}`,
    environment.commit !== undefined && `commit ${environment.commit}`,
    environment.node !== undefined && `Node ${environment.node}`,
    `trace ${hash}`,
  ]
  const where = [environment.machine, environment.date].filter((part) => part !== undefined)
  return html`<p class="kicker">Concord simulator · ${plan.title}</p>
<h1><span class="verdict ${verdict}">${VERDICT_WORDS[verdict]}</span> ${headline(result)}</h1>
${rest.length > 0 && html`<details><summary>All that was said</summary><pre>${clip(rest.join('\n'), 8000)}</pre></details>`}
<p class="lead">${keptInWords(result)} ${moment(figures.virtualMs)} of ${clockOf(plan.level)}${figures.wallMs > 0 && ` in ${duration(figures.wallMs)}`}:
${count(figures.versions, 'version')} committed, ${count(figures.acknowledged, 'edit')} acknowledged,
${count(figures.messages, 'message')} passed, ${count(figures.reconnects, 'reconnect')}.</p>
${plantedBugs(plan)}
${glossary()}
${reproBlock(repro ?? reproLine(plan), 'this run')}
<p class="note">${facts.filter((fact) => fact !== false).join(' · ')}. Equal seed, commit, Node version and level give an equal trace.
${where.length > 0 && ` Ran on ${where.join(', ')}.`}
${json !== undefined && html` All data: <a href="${json}">${json}</a>.`}</p>`
}

/** `24 of 24 promises and 2 of 3 service levels were kept.` */
function keptInWords({ checkers, levels }: RunResult): string {
  const of = (kept: number, all: number, what: string): string => `${amount(kept)} of ${count(all, what)}`
  const promises = of(checkers.filter(({ violations }) => violations === 0).length, checkers.length, 'promise')
  const met = levels.length === 0 ? '' : ` and ${of(levels.filter((level) => level.met).length, levels.length, 'service level')}`
  return checkers.length + levels.length === 0 ? '' : `${promises}${met} were kept.`
}

function sections(result: RunResult, extra: ReportExtra): Section[] {
  const first = firstInTime(result.violations)
  const failed = first !== undefined
  const events: Section = {
    id: 'events',
    heading: failed ? 'What happened around it' : 'The last events',
    body: swimlane(result, failed ? 'Events around the first violation' : 'The last events of the run'),
  }
  const all: (Section | false)[] = [
    result.violations.length > 0 && { id: 'violation', heading: 'What went wrong', body: [first !== undefined && firstViolation(result, first), overTheRun(result)] },
    extra.minimal !== undefined && { id: 'minimal', heading: 'The smallest story that shows it', body: minimalSection(extra.minimal, result) },
    failed && events,
    { id: 'scenario', heading: 'What was run', body: describeScenario(result, extra.about) },
    { id: 'promises', heading: 'Promises', body: promises(result) },
    { id: 'levels', heading: 'Service levels', body: serviceLevels(result.levels, result.plan.level, extra.comparison) },
    { id: 'time', heading: 'Over time', body: overTime(result, extra.comparison) },
    result.owners.length > 0 && { id: 'owners', heading: 'Who owned each document', body: ownerBars(result) },
    !failed && events,
    { id: 'granted', heading: 'Taken for granted', body: granted(result) },
    { id: 'figures', heading: 'Figures', body: figureTable(result, extra.comparison) },
  ]
  return all.filter((section) => section !== false)
}

/** Service levels that were missed, and what was to be seen and was not. */
function overTheRun(result: RunResult): Content {
  const missed = missedLevels(result)
  const others = result.violations.filter((violation) => isRunWide(violation) && violation.checker !== 'service levels')
  const sentences = [...missed, ...others.map(({ message }) => sentence(message))]
  if (sentences.length === 0) return undefined
  return html`${firstInTime(result.violations) !== undefined && html`<h3>Over the whole run</h3>`}<ul class="plain">${sentences.slice(0, 40).map((line) => html`<li>${line}</li>`)}</ul>`
}

function minimalSection({ plan, result, story, repro }: NonNullable<ReportExtra['minimal']>, whole: RunResult): Html {
  const { actors, nodes } = plan.world
  return html`<p>The same violation with ${count(plan.events.length, 'event')} instead of ${amount(whole.plan.events.length)},
${count(actors.length, 'actor')} instead of ${amount(whole.plan.world.actors.length)} and ${count(nodes.length, 'node')}.
No smaller plan that fails in the same way was found.</p>
<ol class="tale">${story.map((line) => html`<li>${line}</li>`)}</ol>
${result.violations[0] !== undefined && html`<p class="outcome">${moment(result.violations[0].at)}: ${result.violations[0].message}</p>`}
${repro !== undefined && reproBlock(repro, 'the smallest story')}
<details${result.trace.length <= SMALL_TRACE && html` open`}><summary>Its events</summary>${swimlane(result, 'Events of the smallest story')}</details>`
}

function promises({ checkers, verdict }: RunResult): Content {
  if (checkers.length === 0) return html`<p>No checker watched this run.</p>`
  const sorted = checkers.toSorted((a, b) => Number(b.violations > 0) - Number(a.violations > 0))
  const broken = checkers.filter(({ violations }) => violations > 0).length
  const lead = broken > 0 ? `${amount(broken)} of ${count(checkers.length, 'promise')} broken.` : `All ${amount(checkers.length)} held${verdict === 'crashed' ? ' until the crash' : ''}.`
  const rows = sorted.map(({ name, promise, violations }) => ({
    cells: [name, promise, violations === 0 ? html`<span class="ok">held</span>` : html`<span class="bad">broken ${violations === 1 ? 'once' : `${amount(violations)} times`}</span>`],
    ...(violations > 0 ? { tone: 'bad' as const } : {}),
  }))
  return html`<p>${lead}</p>${table('Promises and whether they held', [{ heading: 'Checker' }, { heading: 'What always holds' }, { heading: 'In this run' }], rows)}`
}

function overTime(result: RunResult, comparison: Comparison | undefined): Html {
  const plots = runPlots(result, comparison)
  const hints = [
    result.faults.length > 0 && 'Shaded: something was broken, by the letters above.',
    firstInTime(result.violations) !== undefined && 'The red line: the first violation.',
    comparison !== undefined && `Dashed: ${comparison.there}.`,
    busyMs(result) < result.figures.virtualMs && `Nothing moved any more after ${moment(busyMs(result))}; the plots end there.`,
  ]
  return html`<p>${hints.filter((hint) => hint !== false).join(' ')} Drag to zoom all plots, double-click to zoom out.</p><div class="plots">${plots.map(plot)}</div>
${plots.length === 0 && html`<p>Nothing was measured.</p>`}`
}

function granted({ assumptions, skipped, sometimes }: RunResult): Html {
  const [seen, unseen] = [Object.entries(sometimes).filter(([, times]) => times > 0), Object.keys(sometimes).filter((name) => sometimes[name] === 0)]
  return html`${
    assumptions.length > 0 ? html`<ul class="plain">${assumptions.map((assumption) => html`<li>${sentence(assumption)}</li>`)}</ul>` : html`<p>No assumptions were stated.</p>`
  }
<h3>Left out</h3>${
    skipped.length === 0 ? html`<p>Every event of the plan took place.</p>` : html`<ul class="plain">${skipped.slice(0, 100).map(({ id, why }) => html`<li><code>${id}</code> ${sentence(why)}</li>`)}</ul>`
  }
${skipped.length > 100 && html`<p class="note">And ${amount(skipped.length - 100)} more.</p>`}
${seen.length > 0 && html`<h3>Seen on the way</h3>${table('Conditions that were met', [{ heading: 'Condition' }, { heading: 'Times', figures: true }], seen.map(([name, times]) => ({ cells: [name, amount(times)] })))}`}
${unseen.length > 0 && html`<p class="note">Never met in this run: ${list(unseen, 30)}.</p>`}`
}

function figureTable(result: RunResult, comparison: Comparison | undefined): Html {
  const [here, there] = [figuresOf(result), comparison === undefined ? undefined : figuresOf(comparison.result)]
  const rows = here.map(({ name, value, words }, index) => {
    const other = there?.[index]
    return { cells: [name, words, ...(other === undefined ? [] : [other.words, difference(value, other.value)])] }
  })
  const columns = [{ heading: 'Figure' }, { heading: comparison?.here ?? 'This run', figures: true }]
  return table('Figures of the run', comparison === undefined ? columns : [...columns, { heading: comparison.there, figures: true }, { heading: 'Difference', figures: true }], rows)
}

interface Figure {
  readonly name: string
  /** Undefined: no number that could be compared. */
  readonly value: number | undefined
  readonly words: string
}

function figuresOf({ figures, hash, overall = {} }: RunResult): readonly Figure[] {
  const counted = (name: string, value: number): Figure => ({ name, value, words: amount(value) })
  const latencies = (Object.keys(LATENCY_WORDS) as LatencySeries[]).flatMap((series): Figure[] => {
    const of = overall[series]
    return of === undefined ? [] : [{ name: `${LATENCY_WORDS[series][0]}, p50, p95, p99 and longest`, value: of.p99, words: [of.p50, of.p95, of.p99, of.most].map(duration).join(' · ') }]
  })
  return [
    { name: 'Virtual time', value: figures.virtualMs, words: moment(figures.virtualMs) },
    { name: 'Wall time', value: figures.wallMs, words: figures.wallMs === 0 ? 'not measured' : duration(figures.wallMs) },
    counted('Events of the kernel', figures.events),
    counted('Messages', figures.messages),
    counted('Versions committed', figures.versions),
    counted('Edits acknowledged', figures.acknowledged),
    counted('Reconnects', figures.reconnects),
    ...latencies,
    { name: 'Trace hash', value: undefined, words: hash },
  ]
}
