import { type CampaignState, campaignVerdict, type CampaignVerdict, type Finding, missing } from '../campaign/campaign-state.ts'
import { neverSeen } from '../campaign/totals.ts'
import { type Content, html, type Html } from './parts/html.ts'
import { page } from './parts/page.ts'
import { reproBlock } from './parts/repro-block.ts'
import { runCommand } from './words/run-command.ts'
import { table } from './parts/table.ts'
import { amount, clip, count, duration, list } from './words/words.ts'

export interface CampaignExtra {
  /** The page of a finding, relative to this one; none when left out or undefined. */
  readonly reportOf?: (finding: Finding) => string | undefined
  readonly machine?: string
  readonly date?: string
}

const VERDICTS: Readonly<Record<CampaignVerdict, readonly [word: string, className: string]>> = {
  pass: ['Passed', 'pass'],
  fail: ['Failed', 'fail'],
  unknown: ['Unknown', 'unknown'],
  crashed: ['Crashed', 'crashed'],
}

/** Findings that get a block of their own; the others are counted. */
const MOST_FINDINGS = 100

/** One page over a whole campaign: how many seeds, what they found, what they met on the way. */
export function renderCampaign(state: CampaignState, extra: CampaignExtra = {}): string {
  const { options, findings } = state
  return page({
    title: `${VERDICTS[campaignVerdict(state)][0]}: ${count(state.totals.seeds, 'seed')} of ${list(options.scenarios)} · Concord simulator`,
    header: header(state, extra),
    sections: [
      { id: 'findings', heading: findings.length === 0 ? 'Nothing was found' : 'What was found', body: findingList(state, extra) },
      { id: 'seen', heading: 'Met on the way', body: seen(state) },
      { id: 'faults', heading: 'What was planned', body: planned(state) },
      { id: 'figures', heading: 'Figures', body: figures(state) },
    ],
  })
}

function header(state: CampaignState, { machine, date }: CampaignExtra): Html {
  const { options, totals, tookMs, commit, node, findings } = state
  const [word, className] = VERDICTS[campaignVerdict(state)]
  const found = findings.length === 0 ? 'every one of them passed' : `${amount(findings.length)} did not pass`
  const where = [`commit ${commit}`, `Node ${node}`, machine, date].filter((part) => part !== undefined)
  return html`<p class="kicker">Concord simulator · campaign over ${list(options.scenarios)}</p>
<h1><span class="verdict ${className}">${word}</span> ${count(totals.seeds, 'seed')}, ${found}.</h1>
<p class="lead">Seeds ${amount(options.from)} to ${amount(options.to)} in ${duration(tookMs)}, ${amount(totals.seeds / Math.max(0.001, tookMs / 1000))} per second. ${ended(state)}</p>
<p class="note">${where.join(' · ')}. ${amount(totals.repeated)} ran twice, and their hashes were compared.${options.bugs.length > 0 && ` Planted on purpose: ${list(options.bugs, 20)}.`}</p>`
}

function ended({ ended: how, options, totals }: CampaignState): string {
  const total = options.scenarios.length * (options.to - options.from + 1)
  switch (how) {
    case 'complete':
      return 'Every seed has run.'
    case 'stopped':
      return `It stopped after ${count(options.stopAfter, 'finding')}; ${amount(total - totals.seeds)} seeds have not run.`
    case 'interrupted':
    case 'running':
      return `It was interrupted; ${amount(total - totals.seeds)} seeds have not run.`
  }
}

function findingList({ findings, options }: CampaignState, { reportOf }: CampaignExtra): Content {
  if (findings.length === 0) return html`<p>No promise was broken, nothing crashed, and every repeated seed gave the same trace.</p>`
  const items = findings.slice(0, MOST_FINDINGS).map((finding) => {
    const link = reportOf?.(finding)
    const name = `${finding.scenario}, seed ${finding.seed}`
    const { level, bugs } = options
    const title = link === undefined ? name : html`<a href="${link}">${name}</a>`
    const file = finding.file !== undefined && html` <span class="note"><a href="${finding.file}">${finding.file}</a></span>`
    return html`<li><p><strong class="bad">${finding.verdict}</strong> ${title}: ${clip(finding.because.split('\n')[0] ?? '', 300)}${file}</p>
${reproBlock(runCommand({ ...finding, bugs, ...(level === undefined ? {} : { level }) }), name)}</li>\n`
  })
  const left = findings.length - items.length
  return html`<ul class="findings">${items}</ul>${left > 0 && html`<p class="note">And ${amount(left)} more, in the summary beside this page.</p>`}`
}

function seen(state: CampaignState): Html {
  const { sometimes, seeds } = state.totals
  const never = neverSeen(state.totals)
  const required = missing(state)
  const rows = Object.entries(sometimes).toSorted(([, a], [, b]) => b - a).map(([name, times]) => ({
    cells: [name, amount(times), seeds === 0 ? '–' : `${amount((100 * times) / seeds)} %`],
    ...(times === 0 ? { tone: 'quiet' as const } : {}),
  }))
  return html`<p>Faults that never bite prove nothing: these conditions show that they did.${never.length > 0 && ` Never met: ${list(never, 12)}.`}</p>
${required.length > 0 && html`<p class="outcome">Required and never met: ${list(required, 20)}</p>`}
${table('Conditions and in how many seeds they were met', [{ heading: 'Condition' }, { heading: 'Seeds', figures: true }, { heading: 'Share', figures: true }], rows)}`
}

function planned({ totals }: CampaignState): Html {
  const rows = Object.entries(totals.events).toSorted(([, a], [, b]) => b - a).map(([kind, times]) => ({ cells: [kind, amount(times)] }))
  return table('Planned events by kind', [{ heading: 'Event' }, { heading: 'How many', figures: true }], rows)
}

function figures({ totals, tookMs }: CampaignState): Html {
  const rows: readonly (readonly [string, string])[] = [
    ['Seeds', amount(totals.seeds)], ['Run twice', amount(totals.repeated)], ['Wall time', duration(tookMs)], ['Virtual time', duration(totals.virtualMs)],
    ['Versions committed', amount(totals.versions)], ['Edits acknowledged', amount(totals.acknowledged)], ['Messages', amount(totals.messages)], ['Reconnects', amount(totals.reconnects)],
  ]
  return table('Figures of the campaign', [{ heading: 'Figure' }, { heading: 'All seeds', figures: true }], rows.map((cells) => ({ cells })))
}
