import { BUGS } from '../../sim/src/bugs/bugs.ts'

/** A row of `concord sim bugs --json`, as far as the page needs it. */
export interface PlantedBugRow {
  readonly bug: string
  readonly caught: boolean
  readonly seed: number
  /** As `checker: message`. */
  readonly failure: string
  readonly before: { readonly edits: number }
  readonly after: { readonly edits: number; readonly faults: number; readonly actors: number }
  readonly runs: number
  readonly ended: 'minimal' | 'runs' | 'time'
}

export interface MeasuredWith {
  /** As 2026-11-21. */
  readonly date: string
  readonly commit: string
  readonly node: string
}

export const COMMAND = 'npx concord sim bugs --scenarios swarm --recorded --seeds 1000 --json > planted-bugs.json'

/** `docs/simulator/planted-bugs.md`. @throws where a planted bug has no row */
export function plantedBugsPage(rows: readonly PlantedBugRow[], { date, commit, node }: MeasuredWith): string {
  const byBug = new Map(rows.map((row) => [row.bug, row]))
  const lines = [...BUGS.values()].map(({ name, what }) => {
    const row = byBug.get(name)
    if (row === undefined) throw new Error(`there is no row for "${name}": ${COMMAND}`)
    return `| \`${name}\` | ${cell(what)} | ${row.caught ? found(row) : 'not caught | | | |'} |`
  })
  const caught = rows.filter((row) => row.caught)
  return `${introduction(caught, rows.length, { date, commit, node })}\n\n${HEADER}\n${lines.join('\n')}\n`
}

const HEADER = `| bug | what is wrong | seed | who notices first | operations left | runs of the shrinker |
| --- | --- | ---: | --- | --- | ---: |`

function introduction(caught: readonly PlantedBugRow[], all: number, { date, commit, node }: MeasuredWith): string {
  const most = (of: (row: PlantedBugRow) => number): number => Math.max(0, ...caught.map(of))
  return `# Planted bugs

Each of these takes one guard away, behind a switch that production builds cannot reach (\`sim/src/bugs\`). The swarm runs with it, seed
after seed from 1, until a checker notices something that it does not notice in the same run without the bug; then the plan is shrunk while
it fails in the same way, and while it passes without the bug. ${caught.length} of ${all} are caught; the last one needs seed ${most(({ seed }) => seed)}, the largest
plan that is left has ${most(({ after }) => after.edits)} operations. Targets: within 1,000 seeds, at most 6 operations.

Measured ${date} with commit \`${commit}\`, Node ${node}. Anew, in some minutes:

    ${COMMAND}
    node --conditions=source docs/simulator/write-planted-bugs.ts planted-bugs.json

\`--recorded\` begins at the seeds in \`sim/src/bugs/first-seeds.ts\`, below which nothing was noticed; a change of the swarm moves
them. Operations are edits that are left in the plan; 0: an attack of a hostile client alone shows it.`
}

function found({ seed, failure, before, after, runs, ended }: PlantedBugRow): string {
  const [checker = ''] = failure.split(':')
  const left = `${after.edits} of ${before.edits}; ${after.faults} faults, ${after.actors} actors`
  return `${seed} | ${cell(checker)} | ${left} | ${runs}${ended === 'minimal' ? '' : ` (${ended} up)`}`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
