/**
 * The simulator's rows of the project's targets, each in a process of its own: prints a table, writes .bench/sim.json.
 *
 * Run: node --conditions=source sim/bench/speed.ts [--rounds N] [ROW...]
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { SPEED_GROUPS, type SpeedGroup, type SpeedRow } from './speed-rows.ts'

const RESULTS = join(import.meta.dirname, '../../.bench/sim.json')

/** The herd holds 100,000 clients and their server in one heap. */
const HEAP_MB = 12_000

interface Measured {
  readonly row: SpeedRow
  readonly values: readonly number[]
}

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { rounds: { type: 'string', default: '3' }, measure: { type: 'string' } } })

if (options.measure === undefined) measureAll(positionals, Number(options.rounds))
else console.log(JSON.stringify(await groupOf(options.measure).measure()))

function groupOf(id: string): SpeedGroup {
  const group = SPEED_GROUPS.find(({ rows }) => rows.some((row) => row.id === id))
  if (group === undefined) throw new RangeError(`no row is called ${id}: choose from ${SPEED_GROUPS.flatMap(({ rows }) => rows.map((row) => row.id)).join(', ')}`)
  return group
}

function measureAll(wanted: readonly string[], rounds: number): void {
  if (!(Number.isInteger(rounds) && rounds > 0)) throw new RangeError('--rounds takes a whole number from 1')
  const groups = wanted.length === 0 ? SPEED_GROUPS : [...new Set(wanted.map(groupOf))]
  const measured = groups.flatMap((group) => measureGroup(group, rounds))
  const machine = { cpu: cpus()[0]?.model.trim(), cores: availableParallelism(), memoryGiB: Math.round(totalmem() / 2 ** 30), system: `${platform()} ${release()} ${arch()}`, node: process.version, load: Number(loadavg()[0]!.toFixed(1)) }
  const results = { date: new Date().toISOString(), machine, rounds, rows: measured.map(({ row, values }) => ({ ...row, value: median(values), low: Math.min(...values), high: Math.max(...values), met: isMet(row, values) })) }
  mkdirSync(dirname(RESULTS), { recursive: true })
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`)
  console.log(table(measured))
  console.log(`\n${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, ${results.date}, medians over ${rounds} rounds, load ${machine.load}`)
}

/** @throws when a round fails: a bench without figures is no bench */
function measureGroup({ rows }: SpeedGroup, rounds: number): Measured[] {
  const [first] = rows
  const count = Math.min(rounds, first!.mostRounds ?? rounds)
  const all = Array.from({ length: count }, (_, round) => {
    console.error(`${first!.id}: round ${round + 1} of ${count}`)
    const { status, stdout } = spawnSync(process.execPath, ['--conditions=source', `--max-old-space-size=${HEAP_MB}`, import.meta.filename, '--measure', first!.id], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
    if (status !== 0) throw new Error(`${first!.id} could not be measured`)
    return JSON.parse(stdout) as number[]
  })
  return rows.map((row, index) => ({ row, values: all.map((values) => values[index]!) }))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function isMet({ target, better }: SpeedRow, values: readonly number[]): boolean | undefined {
  if (target === undefined) return undefined
  return better === 'higher' ? median(values) >= target : median(values) <= target
}

function table(measured: readonly Measured[]): string {
  const head = ['work', 'unit', 'measured', 'target', 'met']
  const lines = measured.map(({ row, values }) => {
    const met = isMet(row, values)
    const target = row.target === undefined ? '' : `${row.better === 'higher' ? '>=' : '<='} ${figure(row.target)}`
    const range = values.length > 1 ? ` (${figure(Math.min(...values))} to ${figure(Math.max(...values))})` : ''
    return [row.title, row.unit, `${figure(median(values))}${range}`, target, met === undefined ? '' : met ? 'yes' : 'NO']
  })
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column]!.length)))
  return [head, widths.map((width) => '-'.repeat(width)), ...lines].map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()).join('\n')
}

/** Three digits that count. */
function figure(value: number): string {
  return value >= 1_000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)))
}
