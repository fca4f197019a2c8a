import { html, type Html } from '../../report/parts/html.ts'
import { page, type Section } from '../../report/parts/page.ts'
import { plot } from '../../report/parts/plot.ts'
import { table } from '../../report/parts/table.ts'
import { dollars, figure } from './figures.ts'
import type { CapacityPlan } from './make-plan.ts'
import { decider, uslWords } from './plan-text.ts'
import { uslThroughput } from './usl.ts'
import type { ScalingPoint } from '../calibration.ts'

/** The plan as one self-contained page. */
export function planReport(plan: CapacityPlan): string {
  return page({ title: plan.input.title, header: headerOf(plan), sections: [machinesOf(plan), costsOf(plan), kneeOf(plan), breakingOf(plan), whatIfsOf(plan), claimsOf(plan), assumptionsOf(plan)] })
}

function headerOf({ input, sizing, monthly, breaking, knee }: CapacityPlan): Html {
  const second = breaking[1] ?? breaking[0]
  return html`<h1>${input.title}</h1>
<p><strong>${figure(sizing.servers)} servers, ${figure(sizing.cassandra)} Cassandra and ${figure(sizing.redis)} Redis nodes; ${dollars(monthly)} a month.</strong></p>
<p>At twice the peak, ${second?.first.resource ?? 'nothing'} is the tightest, at ${percent(second?.first.load ?? 0)}. A process leaves the service level of ${input.level.ackP99Ms} ms at ${figure(knee.operations)} operations a second.</p>`
}

function machinesOf({ sizing, input }: CapacityPlan): Section {
  const columns = [{ heading: '' }, { heading: 'count', figures: true }, { heading: 'decided by' }]
  const rows = [
    ...sizing.regions.map(({ name, needed, servers }) => ({ cells: [`servers ${name}`, figure(servers), `${figure(needed)} needed by ${decider(sizing.serverNeeds)}; the rest may fail`] })),
    { cells: ['Cassandra', figure(sizing.cassandra), `${decider(sizing.cassandraNeeds)} (assumed, not measured)`] },
    { cells: ['Redis', figure(sizing.redis), `${decider(sizing.redisNeeds)} (assumed, not measured)`] },
  ]
  const cpu = sizing.cpu.map(({ what, ms, formula }) => ({ cells: [what, figure(ms / 1_000), formula] }))
  const { storage } = sizing
  const stored = [
    ['operations, one copy', `${figure(storage.logGBPerMonth)} GB a month`],
    [`Cassandra, ${input.retention.hotDays} days, ${input.cassandra.replicas} copies`, `${figure(storage.hotGB)} GB`],
    ['snapshots', `${figure(storage.snapshotGB)} GB`],
    ['archive', `${figure(storage.archiveGBPerMonth)} GB a month, ${figure(storage.archiveGBAfterYear)} GB after a year`],
    ['traffic to clients', `${figure(sizing.egressGB)} GB a month`],
  ].map((cells) => ({ cells }))
  return {
    id: 'machines',
    heading: 'Machines',
    body: [
      table('Machines', columns, rows),
      html`<h3>Processor time at the peak, in cores</h3>`,
      table('Processor time', [{ heading: '' }, { heading: 'cores', figures: true }, { heading: 'formula' }], cpu),
      html`<h3>Storage and traffic</h3>`,
      table('Storage', [{ heading: '' }, { heading: 'size' }], stored),
    ],
  }
}

function costsOf({ costs, monthly, perDailyUser, perMillionOperations }: CapacityPlan): Section {
  const columns = [{ heading: 'component' }, { heading: 'quantity', figures: true }, { heading: '$ each', figures: true }, { heading: '$ a month', figures: true }]
  const rows = costs.map(({ component, quantity, unit, price, monthly: sum }) => ({ cells: [component, `${figure(quantity)} ${unit}`, String(price), dollars(sum)] }))
  const totals = [['total', '', '', dollars(monthly)], ['per daily user', '', '', dollars(perDailyUser)], ['per million operations', '', '', dollars(perMillionOperations)]].map((cells) => ({ cells }))
  return { id: 'cost', heading: 'Cost a month', body: table('Cost a month', columns, [...rows, ...totals]) }
}

function kneeOf({ knee, input }: CapacityPlan): Section {
  const usl = (['documents', 'editors'] as const).map((kind) => {
    const x = Array.from({ length: 64 }, (_, index) => index + 1)
    const title = kind === 'documents' ? 'One process, a document for each writer' : 'One process, all writers in one document'
    return plot({ title, caption: uslWords(knee[kind]), unit: '/s', x, xKind: 'writers', scale: 'linear', lines: [{ label: 'fitted curve', values: x.map((n) => uslThroughput(knee[kind].fit, n)), colour: 0 }, { label: 'measured, joined', values: x.map((n) => joined(knee[kind].points, n)), colour: 1, dashed: true }] })
  })
  const curve = plot({
    title: 'Submit to ack, 99th percentile, by load of one process',
    caption: `The service level of ${input.level.ackP99Ms} ms is left at ${figure(knee.operations)} operations/s; the plan uses ${percent(input.utilisation)} of a process: ${figure(knee.p99AtPlanMs)} ms.`,
    unit: 'ms',
    x: knee.curve.map(({ operations }) => operations),
    xKind: 'operations a second',
    lines: [{ label: 'p99', values: knee.curve.map(({ p99Ms }) => p99Ms), colour: 2 }],
    targets: [{ value: input.level.ackP99Ms, label: 'service level' }],
  })
  return { id: 'knee', heading: 'The knee', body: [curve, ...usl] }
}

/** On the straight line between two measured points; null outside. */
function joined(points: readonly ScalingPoint[], n: number): number | null {
  const after = points.findIndex(({ concurrency }) => concurrency >= n)
  const [from, to] = [points[after - 1] ?? points[after], points[after]]
  if (from === undefined || to === undefined) return null
  const share = to.concurrency === from.concurrency ? 0 : (n - from.concurrency) / (to.concurrency - from.concurrency)
  return from.perSecond + share * (to.perSecond - from.perSecond)
}

function breakingOf({ breaking }: CapacityPlan): Section {
  const columns = [{ heading: 'load' }, { heading: 'first' }, { heading: 'at', figures: true }, { heading: 'then' }]
  const rows = breaking.map(({ factor, first, pressures }) => ({
    cells: [`${factor}x`, first.resource, percent(first.load), pressures.slice(1, 4).map(({ resource, load }) => `${resource} ${percent(load)}`).join(', ')],
    ...(first.load > 1 ? { tone: 'bad' as const } : {}),
  }))
  return { id: 'breaking', heading: 'What breaks first', body: table('What breaks first', columns, rows) }
}

function whatIfsOf({ whatIfs, relays }: CapacityPlan): Section {
  const columns = [{ heading: '' }, { heading: '$ a month', figures: true }, { heading: 'what' }, { heading: 'its price' }]
  const rows = whatIfs.map(({ name, delta, what, source, price }) => ({ cells: [name, `${delta <= 0 ? '-' : '+'}${dollars(Math.abs(delta))}`, `${what} (${source})`, price] }))
  const relayed = html`<p>With ${relays.relays} relays (001:3815) the busiest document takes ${percent(relays.after)} of a processor instead of ${percent(relays.before)}; it is full with ${figure(relays.editorsAfter)} editors instead of ${figure(relays.editorsBefore)}.</p>`
  return { id: 'what-if', heading: 'What if', body: [table('What if', columns, rows), relayed] }
}

function claimsOf({ claims }: CapacityPlan): Section {
  const columns = [{ heading: 'where' }, { heading: 'what' }, { heading: 'says', figures: true }, { heading: 'its factors give', figures: true }, { heading: 'factors' }]
  const rows = claims.map(({ where, what, unit, says, gives, sum, agrees }) => ({ cells: [where, what, `${figure(says)} ${unit}`, `${figure(gives)} ${unit}`, sum], ...(agrees ? {} : { tone: 'bad' as const }) }))
  return { id: 'claims', heading: "The source's own figures", body: claims.length === 0 ? html`<p>The plan names none.</p>` : table('Figures of the source', columns, rows) }
}

function assumptionsOf({ assumptions, error }: CapacityPlan): Section {
  return { id: 'assumptions', heading: 'Assumptions and error', body: html`<p>${error.sentence}</p><ul>${assumptions.map((line) => html`<li>${line}</li>`)}</ul>` }
}

function percent(load: number): string {
  return `${Math.round(load * 100)} %`
}
