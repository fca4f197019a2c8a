import { worstVerdict } from '../run/worst-verdict.ts'
import type { RunResult, Verdict } from '../run/run-result.ts'
import { headline } from './words/headline.ts'
import { html, type Html } from './parts/html.ts'
import { page, type Section } from './parts/page.ts'
import { reproBlock } from './parts/repro-block.ts'
import { serviceLevels } from './parts/service-levels.ts'
import { table } from './parts/table.ts'
import { VERDICT_WORDS } from './words/verdict-words.ts'
import { amount, count, duration, list, moment, sentence } from './words/words.ts'

/** One run of a gallery. */
export interface Exhibit {
  /** Of the scenario. */
  readonly name: string
  readonly title: string
  readonly about: string
  /** The command that repeats it. */
  readonly repro: string
  /** `none`: there is no result, and why. Page and data are relative to the gallery. */
  readonly outcome: { readonly kind: 'result'; readonly result: RunResult; readonly page: string; readonly json: string } | { readonly kind: 'none'; readonly why: string }
}

export interface GalleryExtra {
  readonly environment: { readonly commit: string; readonly node: string; readonly machine: string; readonly date: string }
}

/** The page that leads to the reports of several runs: what each was about, what was promised, and whether it was kept. */
export function renderGallery(exhibits: readonly Exhibit[], { environment }: GalleryExtra): string {
  const title = `${VERDICT_WORDS[galleryVerdict(exhibits)]}: ${count(exhibits.length, 'scenario')} · Concord simulator`
  return page({ title, header: header(exhibits, environment), sections: [{ id: 'glance', heading: 'At a glance', body: glance(exhibits) }, ...exhibits.map(section)] })
}

/** The worst of the runs; one without a result is unknown. */
export function galleryVerdict(exhibits: readonly Exhibit[]): Verdict {
  return worstVerdict(exhibits.map(verdictOf))
}

function verdictOf({ outcome }: Exhibit): Verdict {
  return outcome.kind === 'result' ? outcome.result.verdict : 'unknown'
}

function header(exhibits: readonly Exhibit[], { commit, node, machine, date }: GalleryExtra['environment']): Html {
  const verdict = galleryVerdict(exhibits)
  const others = exhibits.filter((exhibit) => verdictOf(exhibit) !== 'pass')
  const answer = others.length === 0 ? 'every promise was kept and every service level met' : `${list(others.map(({ name }) => name))} did not pass`
  return html`<p class="kicker">Concord simulator · reports</p>
<h1><span class="verdict ${verdict}">${VERDICT_WORDS[verdict]}</span> ${count(exhibits.length, 'scenario')}: ${answer}.</h1>
<p class="lead">Concord keeps documents that many people edit at the same time. Here its real server and its real client code ran in one process,
on simulated networks, stores and clocks, and things were broken on purpose. While they ran, and after everything had healed,
independent checkers looked whether what Concord promises was kept; whoever waits is promised service levels, too.</p>
<p class="note">commit ${commit} · Node ${node} · ${machine} · ${date}. Equal seed, commit, Node version and level give an equal run.</p>`
}

function glance(exhibits: readonly Exhibit[]): Html {
  const rows = exhibits.map((exhibit) => {
    const { name, title, outcome } = exhibit
    const verdict = badge(verdictOf(exhibit))
    if (outcome.kind === 'none') return { cells: [html`<a href="#${name}">${title}</a>`, verdict, '–', '–', '–', '–', '–'], tone: 'bad' as const }
    const { checkers, levels, figures } = outcome.result
    const cells = [
      html`<a href="#${name}">${title}</a>`, verdict, kept(checkers.length, checkers.filter(({ violations }) => violations === 0).length),
      kept(levels.length, levels.filter(({ met }) => met).length), span(figures.virtualMs), duration(figures.wallMs), amount(figures.messages),
    ]
    return { cells, ...(outcome.result.verdict === 'pass' ? {} : { tone: 'bad' as const }) }
  })
  const columns = [
    { heading: 'Scenario' }, { heading: 'Verdict' }, { heading: 'Promises kept', figures: true }, { heading: 'Service levels kept', figures: true },
    { heading: 'Time in it', figures: true }, { heading: 'Took', figures: true }, { heading: 'Messages', figures: true },
  ]
  return table('Scenarios and what came of them', columns, rows)
}

function kept(all: number, of: number): string {
  return all === 0 ? 'none asked for' : `${amount(of)} of ${amount(all)}`
}

/** Whole units are enough beside other runs. */
function span(ms: number): string {
  return duration(Math.round(ms / 1_000) * 1_000)
}

function badge(verdict: Verdict): Html {
  return html`<span class="verdict ${verdict}">${VERDICT_WORDS[verdict]}</span>`
}

function section({ name, title, about, repro, outcome }: Exhibit): Section {
  if (outcome.kind === 'none') return { id: name, heading: title, body: html`<p class="about">${about}</p><p class="outcome">There is no result: ${sentence(outcome.why)}</p>${reproBlock(repro, title)}` }
  const { result, page: report, json } = outcome
  const { plan, figures, verdict } = result
  const body = html`<p class="about">${about}</p>
<p>${badge(verdict)} ${headline(result)} <a href="${report}">The whole report</a> <span class="note">(<a href="${json}">its data</a>)</span></p>
${serviceLevels(result.levels, plan.level)}
<p>${count(plan.world.actors.length, 'actor')}, ${count(plan.world.documents.length, 'document')}, ${count(plan.world.nodes.length, 'server')}:
${moment(figures.virtualMs)} in ${duration(figures.wallMs)}, ${count(figures.acknowledged, 'edit')} acknowledged, ${count(figures.reconnects, 'reconnect')}.</p>
${reproBlock(repro, title)}`
  return { id: name, heading: title, body }
}
