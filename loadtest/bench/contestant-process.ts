/** One contestant in a process of its own: `contestant-process.ts ROW NAME` prints its samples as JSON on the last line. */
import { MODULES } from './modules.ts'

const [row, name] = process.argv.slice(2)
const found = MODULES.flatMap(({ rows }) => rows).find(({ id }) => id === row)
const contestant = found === undefined ? undefined : [found.ours, ...found.peers].find((candidate) => candidate.name === name)
if (contestant === undefined) throw new Error(`no contestant ${name} in row ${row}`)
console.log(JSON.stringify(await contestant.measure()))
process.exit(0)
