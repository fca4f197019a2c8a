import type { CapacityPlan } from './make-plan.ts'
import type { Need } from './sizing.ts'
import { dollars, figure } from './figures.ts'

/** The plan for a terminal. */
export function planText(plan: CapacityPlan): string {
  const { input, sizing, knee } = plan
  return [
    input.title,
    '',
    ...section('load', [
      ['', 'average', 'peak'],
      ['sessions', figure(sizing.average.sessions), figure(sizing.peak.sessions)],
      ['operations/s', figure(sizing.average.operations), figure(sizing.peak.operations)],
      ['readers of an operation', figure(sizing.average.readers), figure(sizing.peak.readers)],
      ['deliveries/s', figure(sizing.average.deliveries), figure(sizing.peak.deliveries)],
      ['presence messages/s', figure(sizing.average.presenceMessages), figure(sizing.peak.presenceMessages)],
      ['bytes up, down /s', '', `${figure(sizing.bytesUp)}, ${figure(sizing.bytesDown)}`],
    ]),
    ...section('processor time at the peak', [['', 'cores', ''], ...sizing.cpu.map(({ what, formula, ms }) => [what, figure(ms / 1_000), formula])]),
    ...section('machines', [
      ['', 'count', 'decided by'],
      ...sizing.regions.map(({ name, needed, servers }) => [`servers ${name}`, figure(servers), `${figure(needed)} needed by ${decider(sizing.serverNeeds)}, the rest may fail`]),
      ['Cassandra', figure(sizing.cassandra), `${decider(sizing.cassandraNeeds)} (assumed, not measured)`],
      ['Redis', figure(sizing.redis), `${decider(sizing.redisNeeds)} (assumed, not measured)`],
    ]),
    ...section('storage', [
      ['operations a month', `${figure(sizing.storage.logGBPerMonth)} GB`, 'one copy'],
      ['in Cassandra', `${figure(sizing.storage.hotGB)} GB`, `${input.retention.hotDays} days, ${input.cassandra.replicas} copies`],
      ['snapshots', `${figure(sizing.storage.snapshotGB)} GB`, `${input.retention.snapshotsKept} of each document`],
      ['archive', `${figure(sizing.storage.archiveGBPerMonth)} GB a month`, `${figure(sizing.storage.archiveGBAfterYear)} GB after a year`],
    ]),
    ...section('cost a month', [
      ['', 'quantity', '$ each', '$'],
      ...plan.costs.map(({ component, quantity, unit, price, monthly }) => [component, `${figure(quantity)} ${unit}`, String(price), dollars(monthly)]),
      ['total', '', '', dollars(plan.monthly)],
      ['per daily user', '', '', dollars(plan.perDailyUser)],
      ['per million operations', '', '', dollars(plan.perMillionOperations)],
    ]),
    ...section('the knee', [
      [`one process leaves ${input.level.ackP99Ms} ms at p99`, `${figure(knee.operations)} operations/s`, `${Math.round(knee.utilisation * 100)} % busy, ${figure(knee.sessions)} sessions`],
      [`p99 at the planned ${Math.round(input.utilisation * 100)} %`, `${figure(knee.p99AtPlanMs)} ms`, ''],
      ['many documents (USL)', `${figure(knee.documents.peakPerSecond)} operations/s`, uslWords(knee.documents)],
      ['one document (USL)', `${figure(knee.editors.peakPerSecond)} operations/s`, uslWords(knee.editors)],
    ]),
    ...section('what breaks first', plan.breaking.map(({ factor, first, pressures }) => [`${factor}x`, `${first.resource} at ${Math.round(first.load * 100)} %`, pressures.slice(1, 4).map(({ resource, load }) => `${resource} ${Math.round(load * 100)} %`).join(', ')])),
    ...section('what if', [
      ...plan.whatIfs.map(({ name, what, delta, price, source }) => [name, `${delta <= 0 ? '-' : '+'}${dollars(Math.abs(delta))}`, `${what} (${source}); ${price}`]),
      ['relays', `${Math.round(plan.relays.before * 100)} % -> ${Math.round(plan.relays.after * 100)} %`, `of a processor for the busiest document with ${plan.relays.relays} relays (001:3815); full at ${figure(plan.relays.editorsBefore)} -> ${figure(plan.relays.editorsAfter)} editors`],
    ]),
    ...(plan.claims.length === 0 ? [] : section("the source's own figures", [['', 'says', 'its factors give', ''], ...plan.claims.map(({ where, what, unit, says, gives, sum, agrees }) => [`${agrees ? ' ' : '!'} ${where} ${what}`, `${figure(says)} ${unit}`, `${figure(gives)} ${unit}`, sum])])),
    'assumptions',
    ...plan.assumptions.map((assumption) => `  - ${assumption}`),
    'error',
    `  ${plan.error.sentence}`,
  ].join('\n')
}

export function decider(needs: readonly Need[]): string {
  return needs.reduce((most, need) => (need.count > most.count ? need : most), needs[0] as Need).resource
}

export function uslWords({ fit, peakConcurrency, worstError }: CapacityPlan['knee']['documents']): string {
  const peak = Number.isFinite(peakConcurrency) ? `best with ${figure(peakConcurrency)} at once` : 'no peak in what was measured'
  return `lambda ${figure(fit.lambda)}/s, sigma ${figure(fit.sigma)}, kappa ${figure(fit.kappa)}, ${peak}; the curve is off by up to ${Math.round(worstError * 100)} %`
}

/** A heading and rows in columns. */
function section(heading: string, rows: readonly (readonly string[])[]): string[] {
  const widest: number[] = []
  for (const row of rows) row.forEach((cell, index) => (widest[index] = Math.max(widest[index] ?? 0, cell.length)))
  return [heading, ...rows.map((row) => `  ${row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widest[index] ?? 0))).join('  ')}`.trimEnd()), '']
}
