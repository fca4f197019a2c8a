/** `make bench`: measures Concord beside its peers, prints a table, writes .bench/results.json. Progress goes to stderr. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeMachine } from './machine.ts'
import { MODULES } from './modules.ts'
import { writeResults } from './results.ts'
import { runRow } from './runner.ts'
import { formatTable } from './table.ts'

const RESULTS = join(import.meta.dirname, '../../.bench/results.json')
const USAGE = `usage: make bench ARGS='[--only ROW_OR_MODULE,...] [--rounds N] [--list]'`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', multiple: true }, rounds: { type: 'string', default: '3' }, list: { type: 'boolean', default: false } },
})
const rows = MODULES.flatMap((module) => module.rows.map((row) => ({ module: module.name, row })))
const wanted = [...positionals, ...(values.only ?? []).flatMap((names) => names.split(','))]
const unknown = wanted.filter((name) => !rows.some(({ module, row }) => name === module || name === row.id))
const rounds = Number(values.rounds)

if (unknown.length > 0 || !(Number.isInteger(rounds) && rounds > 0)) {
  console.error(unknown.length > 0 ? `no row or module ${unknown.join(', ')}; --list shows them` : `--rounds takes a whole number from 1, not ${values.rounds}`)
  console.error(USAGE)
  process.exit(2)
}
if (values.list) {
  for (const { module, row } of rows) console.log(`${module}  ${row.id}  ${row.title}`)
  process.exit(0)
}

const results = []
for (const { module, row } of rows) {
  if (wanted.length > 0 && !wanted.includes(module) && !wanted.includes(row.id)) continue
  results.push(await runRow(row, rounds, (text) => console.error(text)))
}
const all = { date: new Date().toISOString(), machine: describeMachine(), rounds, rows: results }
writeResults(RESULTS, all)
console.log(formatTable(all))
process.exit(results.some(({ failure }) => failure !== undefined) ? 1 : 0)
