import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { planOfSeed, runnableScenario } from '@concord/sim/campaign/plan-of-seed'
import { thisBuild, thisMachine } from '@concord/sim/campaign/this-build'
import { type Exhibit, galleryVerdict, renderGallery } from '@concord/sim/report/render-gallery'
import type { Scenario } from '@concord/sim/scenario/schema/schema'
import type { Command, Io } from '../../command/command.ts'
import type { ExitCode } from '../../command/exit.ts'
import { reading } from './bad-file.ts'
import { interruptible } from './interruptible.ts'
import { positiveNumber, seedOf } from './number-arguments.ts'
import { type RunJob, runInProcess } from './run-in-process.ts'
import { CHANGE_OPTIONS, changesOf } from './plan-arguments.ts'
import { resultIn } from './report.ts'
import { describeResult, exitOf, reproCommand } from './verdict.ts'
import { writeOut } from './write-file.ts'

/** What is shown when nothing is asked for; the quick ones first. */
const SHOWN = ['split-brain', 'long-offline', 'large-paste', 'typing-storm', 'hot-document', 'reconnect-herd']

/** Runs a job to its end: undefined, or why it has left no result. */
export type RunOne = (job: RunJob, io: Io, signal: AbortSignal) => Promise<string | undefined>

export const gallery = galleryVerb(runInProcess)

export function galleryVerb(runOne: RunOne): Command {
  return {
    usage: 'sim gallery [SCENARIO...] [options]',
    options: {
      seed: { kind: 'number', doc: 'of every run (default: 1)' },
      limit: { kind: 'number', value: 'SECONDS', doc: 'wall time for one run; one that takes longer is stopped (default: 900)' },
      out: { kind: 'text', short: 'o', value: 'FOLDER', doc: 'where pages and results go (default: .sim/reports)' },
      ...CHANGE_OPTIONS,
    },
    async run(args, io): Promise<ExitCode> {
      const [folder, seed] = [args.text('out') ?? '.sim/reports', seedOf(args)]
      const limitMs = (positiveNumber(args, 'limit') ?? 900) * 1_000
      const changes = changesOf(args)
      const sources = args.positionals.length > 0 ? args.positionals : SHOWN
      const rooms = sources.map((source) => roomOf(source, seed, changes, folder))
      const show = (room: Room, signal: AbortSignal) => runOne({ source: room.source, seed, changes, page: room.page, json: room.json, limitMs }, io, signal)
      const exhibits = await interruptible((signal) => inTurn(rooms, show, io, signal))
      const environment = { ...thisBuild(), machine: thisMachine(), date: new Date().toISOString().slice(0, 10) }
      const index = join(folder, 'index.html')
      writeOut(index, renderGallery(exhibits, { environment }))
      io.result(exhibits.map(summaryOf), [...exhibits.map(line), index].join('\n'))
      return exitOf(galleryVerdict(exhibits))
    },
  }
}

/** A scenario and where its page and result go. */
interface Room extends Pick<Exhibit, 'name' | 'title' | 'about' | 'repro'> {
  readonly source: string
  readonly page: string
  readonly json: string
}

/** What is wrong with a scenario is said before anything runs. */
function roomOf(source: string, seed: number, changes: ReturnType<typeof changesOf>, folder: string): Room {
  const scenario: Scenario = reading(() => runnableScenario(source))
  const plan = reading(() => planOfSeed(scenario, seed, changes))
  const { name, title, about } = scenario
  return { source, name, title, about, repro: reproCommand(source, plan, changes), page: join(folder, `${name}.html`), json: join(folder, `${name}.json`) }
}

/** Interrupted, it ends after the run that it is at, with a page of what there is. */
async function inTurn(rooms: readonly Room[], show: (room: Room, signal: AbortSignal) => Promise<string | undefined>, io: Io, signal: AbortSignal): Promise<readonly Exhibit[]> {
  const exhibits: Exhibit[] = []
  for (const room of rooms) {
    io.progress(`${exhibits.length + 1} of ${rooms.length}: ${room.title}\n${room.repro}`)
    for (const file of [room.page, room.json]) rmSync(file, { force: true })
    const why = signal.aborted ? 'it was not begun: the gallery was interrupted' : await show(room, signal)
    const exhibit = exhibitOf(room, why)
    exhibits.push(exhibit)
    io.progress(describe(exhibit))
  }
  return exhibits
}

function exhibitOf({ name, title, about, repro: line, page, json }: Room, why: string | undefined): Exhibit {
  const shown = { name, title, about, repro: line }
  if (why !== undefined) return { ...shown, outcome: { kind: 'none', why } }
  const result = reading(() => resultIn(json))
  return { ...shown, outcome: { kind: 'result', result, page: fileOf(page), json: fileOf(json) } }
}

function fileOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path
}

function describe({ name, outcome }: Exhibit): string {
  return outcome.kind === 'result' ? describeResult(outcome.result) : `UNKNOWN: ${name}: ${outcome.why}`
}

function line({ name, outcome }: Exhibit): string {
  if (outcome.kind === 'none') return `UNKNOWN  ${name}: ${outcome.why}`
  const { verdict, because, levels, figures } = outcome.result
  const kept = levels.length === 0 ? 'no service levels' : `${levels.filter(({ met }) => met).length} of ${levels.length} service levels`
  const times = `${(figures.virtualMs / 1_000).toFixed()} s in ${(figures.wallMs / 1_000).toFixed(1)} s`
  return `${verdict.toUpperCase().padEnd(8)} ${name.padEnd(20)} ${kept}, ${figures.messages} messages, ${times}${verdict === 'pass' ? '' : `: ${because.split('\n')[0]?.slice(0, 200)}`}`
}

function summaryOf({ name, outcome }: Exhibit): object {
  if (outcome.kind === 'none') return { name, verdict: 'unknown', because: outcome.why }
  const { verdict, because, levels, figures, hash } = outcome.result
  return { name, verdict, because, levels, figures, hash, report: outcome.page, result: outcome.json }
}
