import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { thisBuild } from '../../sim/src/campaign/this-build.ts'
import { COMMAND, plantedBugsPage, type PlantedBugRow } from './planted-bugs.ts'

const [file] = process.argv.slice(2)
if (file === undefined) throw new Error(`name the file that this wrote: ${COMMAND}`)
const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly PlantedBugRow[]
const date = execFileSync('git', ['show', '-s', '--format=%cs', 'HEAD'], { encoding: 'utf8' }).trim()
writeFileSync(new URL('./planted-bugs.md', import.meta.url), plantedBugsPage(rows, { date, ...thisBuild() }))
