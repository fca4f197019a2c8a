/** `node --conditions=source loadtest/bench/write-readme.ts`: puts the last results of `make bench` into the README, with machine and date. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Results, RowResult } from './results.ts'

const ROOT = join(import.meta.dirname, '../..')
const BLOCK = /(<!-- bench: .* -->\n)[\s\S]*?(<!-- end of bench -->)/

const results = JSON.parse(readFileSync(join(ROOT, '.bench/results.json'), 'utf8')) as Results
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
writeFileSync(join(ROOT, 'README.md'), readme.replace(BLOCK, (_, begin: string, end: string) => `${begin}${table(results)}${end}`))

function table({ rows, machine, date, rounds }: Results): string {
  const { cpu, cores, system, node, load } = machine
  const target = ({ target: value, better, unit }: RowResult): string => (value === undefined ? '' : `${better === 'lower' ? '<=' : '>='} ${figure(value, unit)}`)
  const lines = rows.map((row) => `| ${row.title} | ${figure(row.value, row.unit)} | ${peerOf(row)} | ${target(row)} |`)
  return `| work | Concord | best peer | target |\n|---|---|---|---|\n${lines.join('\n')}\n\n${cpu}, ${cores} cores, ${system}, Node ${node}, ${date.slice(0, 10)}, medians over ${rounds} rounds, load ${load}.\n`
}

function peerOf({ peer, peerValue, unit }: RowResult): string {
  return peer === undefined ? '' : `${figure(peerValue, unit)} (${peer})`
}

function figure(value: number | undefined, unit: string): string {
  if (value === undefined) return 'failed'
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })} ${unit}`
}
