import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type CampaignProgress, runCampaign } from '@concord/sim/campaign/campaign'
import { CampaignFolder } from '@concord/sim/campaign/campaign-folder'
import { type CampaignOptions, type CampaignState, campaignVerdict, type Finding, type FoundResult } from '@concord/sim/campaign/campaign-state'
import { planOfSeed, runnableScenario } from '@concord/sim/campaign/plan-of-seed'
import { ProcessWorker } from '@concord/sim/campaign/process-worker'
import { type Build, thisBuild } from '@concord/sim/campaign/this-build'
import { renderCampaign } from '@concord/sim/report/render-campaign'
import type { Arguments, Command, Io } from '../../command/command.ts'
import { type ExitCode, usageError } from '../../command/exit.ts'
import { progressBar } from '../../command/progress.ts'
import { reading } from './bad-file.ts'
import { describeCampaign, reproOf } from './describe-campaign.ts'
import { interruptible } from './interruptible.ts'
import { positiveNumber, wholeNumber } from './number-arguments.ts'
import { CHANGE_OPTIONS, changesOf } from './plan-arguments.ts'
import { writeReport } from './report.ts'
import { exitOf } from './verdict.ts'
import { writeOut } from './write-file.ts'

export const campaign: Command = {
  usage: 'sim campaign SCENARIO... --seeds N|FROM-TO [options]',
  options: {
    seeds: { kind: 'text', value: 'N|FROM-TO', doc: 'how many seeds from 1, or the first and the last one' },
    jobs: { kind: 'number', doc: 'processes at once (default: one per core)' },
    repeat: { kind: 'number', value: 'SHARE', doc: 'share of the seeds that is run twice, the hashes compared (default: 0.05)' },
    'stop-after': { kind: 'number', value: 'N', doc: 'end after so many seeds that did not pass (default: 5)' },
    limit: { kind: 'number', value: 'SECONDS', doc: 'wall time for one seed; one that takes longer is stopped (default: 120)' },
    require: { kind: 'text', value: 'NAMES', doc: 'fail when one of these conditions was never seen, with commas between them' },
    out: { kind: 'text', short: 'o', value: 'FOLDER', doc: 'where summary and failures go (default: .sim/campaign-...)' },
    resume: { kind: 'text', value: 'FOLDER', doc: 'go on with a campaign that was interrupted; other options are taken from it' },
    ...CHANGE_OPTIONS,
  },
  async run(args, io): Promise<ExitCode> {
    const build = thisBuild()
    const { folder, before, options } = await begun(args, build)
    const state = await runOn(options, build, folder, before, args, io)
    const verdict = campaignVerdict(state)
    writeOut(join(folder.path, 'index.html'), renderCampaign(state, { reportOf: ({ file }) => (file === undefined ? undefined : pageOf(file)) }))
    io.result({ ...state, verdict, folder: folder.path }, describeCampaign(state, folder.path))
    return exitOf(verdict)
  },
}

interface Begun {
  readonly folder: CampaignFolder
  readonly before: CampaignState | undefined
  readonly options: CampaignOptions
}

async function begun(args: Arguments, build: Build): Promise<Begun> {
  const resume = args.text('resume')
  if (resume === undefined) {
    const options = optionsOf(args)
    const name = `campaign-${options.scenarios.map((scenario) => scenario.replaceAll(/[^\w-]+/g, '-')).join('-')}-${options.from}-${options.to}-${new Date().toISOString().replaceAll(/[-:]|\..*/g, '')}`
    return { folder: new CampaignFolder(args.text('out') ?? `.sim/${name}`), before: undefined, options }
  }
  const folder = new CampaignFolder(resume)
  const before = await folder.read()
  if (before === undefined) throw usageError(`${resume} holds no campaign: name the folder that the campaign printed`)
  if (before.commit !== build.commit || before.node !== build.node) {
    throw usageError(`${resume} was begun at commit ${before.commit} with Node ${before.node}, this is ${build.commit} with ${build.node}: seeds of two builds do not add up. Go back to that build, or begin anew`)
  }
  return { folder, before, options: before.options }
}

/** What is wrong with a scenario is said before any process starts. */
function optionsOf(args: Arguments): CampaignOptions {
  const scenarios = args.positionals
  if (scenarios.length === 0) throw usageError('name a scenario, or several: `concord sim list` shows them')
  const [from, to] = seedsOf(args.text('seeds'))
  const { level, bugs = [] } = changesOf(args)
  for (const scenario of scenarios) reading(() => planOfSeed(runnableScenario(scenario), from, { bugs }))
  const repeat = args.number('repeat') ?? 0.05
  if (repeat < 0 || repeat > 1) throw usageError('--repeat takes a share from 0 to 1')
  const required = args.text('require')?.split(',').map((name) => name.trim()) ?? []
  return { scenarios, from, to, ...(level === undefined ? {} : { level }), bugs, repeat, stopAfter: wholeNumber(args, 'stop-after') ?? 5, required }
}

/** First and last seed. */
export function seedsOf(text: string | undefined): readonly [from: number, to: number] {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(text ?? '') ?? []
  const [from, to] = last === undefined ? [1, Number(first)] : [Number(first), Number(last)]
  if (first === undefined || !Number.isSafeInteger(to) || to < from) throw usageError(`--seeds takes a number of seeds, as 1000, or the first and the last, as 5000-9999${text === undefined ? '' : `, not ${JSON.stringify(text)}`}`)
  return [from, to]
}

async function runOn(options: CampaignOptions, build: Build, folder: CampaignFolder, before: CampaignState | undefined, args: Arguments, io: Io): Promise<CampaignState> {
  const limits = { limitMs: (positiveNumber(args, 'limit') ?? 120) * 1_000, heapMb: 2_000 }
  const lanes = wholeNumber(args, 'jobs') ?? availableParallelism()
  const runner = new URL(import.meta.resolve('@concord/sim/campaign/scenario-runner'))
  const bar = progressBar(io, 'seeds', options.scenarios.length * (options.to - options.from + 1))
  const keep = async (found: FoundResult): Promise<string | undefined> => {
    io.progress(describeFinding(found.finding, options))
    const file = await folder.keep(found)
    if (file !== undefined && found.result !== undefined) writeReport(join(folder.path, pageOf(file)), found.result, { environment: build, json: join(folder.path, file), repro: reproOf(found.finding, options) })
    return file
  }
  const line = toldNowAndThen(io)
  const progress = ({ done, total, findings, seedsPerSecond }: CampaignProgress): void => {
    const note = `${seedsPerSecond.toFixed(seedsPerSecond < 10 ? 1 : 0)} seeds/s, ${findings} failed`
    bar.at(done, note)
    line(`${done} of ${total} seeds, ${note}`)
  }
  const ports = { lanes, start: () => new ProcessWorker({ runner, ...limits }), now: () => performance.now(), keep, save: (state: CampaignState) => folder.save(state), progress }
  try {
    // Interrupted, a campaign keeps what it has, to be resumed.
    return await interruptible((signal) => runCampaign(options, build, { ...ports, signal }, before))
  } finally {
    bar.done()
  }
}

/** Where nobody watches a bar, a line a minute says that it goes on. */
function toldNowAndThen(io: Io): (line: string) => void {
  let told = performance.now()
  return (line) => {
    if (io.isTerminal || performance.now() - told < 60_000) return
    told = performance.now()
    io.progress(line)
  }
}

/** The page beside a result. */
function pageOf(file: string): string {
  return file.replace(/\.json$/, '.html')
}

function describeFinding(finding: Finding, options: CampaignOptions): string {
  return `${finding.verdict.toUpperCase()} ${finding.scenario} seed ${finding.seed}: ${finding.because.split('\n')[0]?.slice(0, 300)}\n  ${reproOf(finding, options)}`
}
