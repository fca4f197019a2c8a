import { html } from '../../report/parts/html.ts'
import { page } from '../../report/parts/page.ts'
import { plot } from '../../report/parts/plot.ts'
import type { PlotSpec } from '../../report/parts/plot-spec.ts'
import type { Calibration } from '../calibration.ts'
import type { FleetResult, FleetSeries } from './fleet-scenario.ts'
import { fleetAssumptions, fleetText } from './fleet-text.ts'

/** One page about a replay. */
export function fleetReport(result: FleetResult, calibration: Calibration): string {
  const { scenario } = result
  return page({
    title: scenario.title,
    header: html`<h1>${scenario.title}</h1><pre>${fleetText(result, calibration)}</pre>`,
    sections: [
      { id: 'plots', heading: 'Second by second', body: PLOTS.map(({ title, unit, lines }) => plot(specOf(result, title, unit, lines))) },
      { id: 'assumptions', heading: 'Assumptions', body: html`<ul>${fleetAssumptions(result, calibration).map((line) => html`<li>${line}</li>`)}</ul>` },
    ],
  })
}

const PLOTS: readonly { readonly title: string; readonly unit: string; readonly lines: readonly (readonly [label: string, name: keyof FleetSeries])[] }[] = [
  { title: 'Clients online', unit: '', lines: [['online', 'online']] },
  { title: 'Attempts and failures', unit: '/s', lines: [['attempts', 'attempts'], ['failures', 'failures']] },
  { title: 'Load of servers, 1 is full', unit: '', lines: [['gateways', 'gatewayLoad'], ['document servers', 'nodeLoad']] },
  { title: 'Longest wait at a server', unit: 'ms', lines: [['wait', 'nodeWaitMs']] },
  { title: 'Documents claimed and loaded', unit: '/s', lines: [['loads', 'storagePerSecond']] },
]

function specOf({ series }: FleetResult, title: string, unit: string, lines: readonly (readonly [label: string, name: keyof FleetSeries])[]): PlotSpec {
  return { title, unit, x: series.online.map((_, second) => second + 1), xKind: 'time', lines: lines.map(([label, name], colour) => ({ label, values: series[name], colour })) }
}
