import { expect, test } from 'vitest'
import type { CampaignState } from '../campaign/campaign-state.ts'
import { NO_TOTALS } from '../campaign/totals.ts'
import { renderCampaign } from './render-campaign.ts'
import { renderFigures } from './render-figures.ts'

const CLEAN: CampaignState = {
  format: 1, commit: 'abc1234', node: '26.10.0', ended: 'complete', tookMs: 42_000, findings: [], done: {},
  options: { scenarios: ['swarm'], from: 1, to: 2000, bugs: [], repeat: 0.05, stopAfter: 10, required: ['append fenced'] },
  totals: { ...NO_TOTALS, seeds: 2000, repeated: 100, versions: 80_000, virtualMs: 7_200_000, events: { insert: 60_000, kill: 900 }, sometimes: { 'append fenced': 40, 'two owners': 0 } },
}
const finding = { scenario: 'swarm', seed: 77, verdict: 'fail', because: 'fold: <b>ada</b> shows something else', file: 'fail-swarm-77.json' } as const

test('campaign page: a clean one says how many seeds, what they met and what they never met', () => {
  const report = renderCampaign(CLEAN)
  expect(report).toContain('<span class="verdict pass">Passed</span> 2,000 seeds, every one of them passed.')
  expect(report).toContain('Never met: two owners')
  expect(report).toContain('<th scope="row">kill</th><td class="figures" data-heading="How many">900</td>')
})

test('campaign page: a finding has its command and links to its report', () => {
  const report = renderCampaign({ ...CLEAN, findings: [finding] }, { reportOf: ({ file }) => file?.replace('.json', '.html') })
  expect(report).toContain('<a href="fail-swarm-77.html">swarm, seed 77</a>')
  expect(report).toContain('npx concord sim run swarm --seed 77')
  expect(report).toContain('&lt;b&gt;ada')
  expect(report).toContain('verdict fail')
})

test('campaign page: what was required and never met fails it, and one that was stopped says what has not run', () => {
  expect(renderCampaign({ ...CLEAN, options: { ...CLEAN.options, required: ['two owners'] } })).toContain('Required and never met: two owners')
  expect(renderCampaign({ ...CLEAN, ended: 'interrupted', totals: { ...CLEAN.totals, seeds: 500 } })).toContain('1,500 seeds have not run')
})

test('figures page: answer, tables, plots and assumptions of a plan in one file', () => {
  const report = renderFigures({
    title: 'Plan', kicker: 'Capacity', answer: 'Twelve nodes <carry> it.', assumptions: ['Costs are measured.'],
    sections: [{
      heading: 'Cost', sentences: ['By component.'], tables: [{ caption: 'Cost', columns: [{ heading: 'Part' }, { heading: 'USD', figures: true }], rows: [{ cells: ['nodes', '1,200'] }] }],
      plots: [{ title: 'Throughput', unit: '/s', x: [1, 2], xKind: 'nodes', lines: [{ label: 'operations', values: [10, 19], colour: 0 }] }],
    }],
  })
  for (const part of ['Twelve nodes &lt;carry&gt; it.', '1,200', 'Costs are measured.', '"xKind":"nodes"']) expect(report).toContain(part)
})
