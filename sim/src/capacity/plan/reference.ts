import { COSTS, type Calibration, type CostName } from '../calibration.ts'
import { FLEET_REPLAYS } from '../fleet/fleet-replays.ts'
import { cpuOf, ratesOf } from './demand.ts'
import { dollars, figure } from './figures.ts'
import { makePlan } from './make-plan.ts'
import { presetNames, readPreset } from './presets.ts'

/** Tables of `docs/capacity.md`, by the name of their place in it. A test keeps the page equal to them. */
export function referenceTables(calibration: Calibration): ReadonlyMap<string, string> {
  return new Map([
    ['costs', costTable(calibration)],
    ['formulas', formulaTable(calibration)],
    ['presets', presetTable(calibration)],
    ['claims', claimTable(calibration)],
    ['replays', table(['name', 'what'], [...FLEET_REPLAYS].map(([name, { title }]) => [`\`${name}\``, title]))],
    ['error', makePlan(readPreset('004'), calibration).error.sentence],
  ])
}

/** The page with its generated parts anew: what stands between `<!-- generated: name -->` and `<!-- end -->`. */
export function withReference(markdown: string, tables: ReadonlyMap<string, string>): string {
  return markdown.replaceAll(/<!-- generated: (\w+) -->\n[^]*?<!-- end -->/g, (whole, name: string) => {
    const text = tables.get(name)
    return text === undefined ? whole : `<!-- generated: ${name} -->\n${text}\n<!-- end -->`
  })
}

function costTable(calibration: Calibration): string {
  const { machine, at, commit } = calibration
  const rows = (Object.keys(COSTS) as CostName[]).map((name) => {
    const { median, min, max, unit, rounds } = calibration.costs[name]
    return [`\`${name}\``, `${figure(median)} ${unit}`, `${figure(min)} to ${figure(max)}`, String(rounds), COSTS[name].doc]
  })
  return `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.system}, commit ${commit}, ${at.slice(0, 10)}, load ${machine.load} at the end.\n\n${table(['cost', 'median', 'least to most', 'rounds', 'what'], rows)}`
}

function formulaTable(calibration: Calibration): string {
  const input = readPreset('001')
  return table(['processor time of', 'per second'], cpuOf(ratesOf(input), input, calibration).map(({ what, formula }) => [what, formula]))
}

function presetTable(calibration: Calibration): string {
  const rows = presetNames().map((name) => {
    const { input, sizing, monthly, breaking } = makePlan(readPreset(name), calibration)
    const first = breaking[1]?.first
    return [`\`${name}\``, figure(input.users.sessions), figure(input.rates.operations * input.rates.peakFactor), figure(sizing.servers), figure(sizing.cassandra), figure(sizing.redis), dollars(monthly), `${first?.resource ?? ''} ${Math.round((first?.load ?? 0) * 100)} %`]
  })
  return table(['preset', 'sessions', 'operations/s at the peak', 'servers', 'Cassandra', 'Redis', 'a month', 'tightest at 2x'], rows)
}

function claimTable(calibration: Calibration): string {
  const rows = presetNames().flatMap((name) =>
    makePlan(readPreset(name), calibration)
      .claims.filter(({ agrees }) => !agrees)
      .map(({ where, what, says, gives, unit, sum }) => [where, what, `${figure(says)} ${unit}`, `${figure(gives)} ${unit}`, sum]),
  )
  return table(['where', 'what', 'says', 'its factors give', 'factors'], rows)
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n')
}
