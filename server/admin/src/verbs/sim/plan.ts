import { readFileSync } from 'node:fs'
import { type Calibration, parseCalibration } from '@concord/sim/capacity/calibration'
import { DEFAULT_CALIBRATION } from '@concord/sim/capacity/costs'
import { FLEET_REPLAYS } from '@concord/sim/capacity/fleet/fleet-replays'
import { fleetText } from '@concord/sim/capacity/fleet/fleet-text'
import { runFleet } from '@concord/sim/capacity/fleet/run-fleet'
import { makePlan } from '@concord/sim/capacity/plan/make-plan'
import { readPlan } from '@concord/sim/capacity/plan/parse-plan'
import { planText } from '@concord/sim/capacity/plan/plan-text'
import { presetFile, presetNames, readPreset } from '@concord/sim/capacity/plan/presets'
import { planReport } from '@concord/sim/capacity/plan/plan-report'
import { fleetReport } from '@concord/sim/capacity/fleet/fleet-report'
import type { Arguments, Command, Io } from '../../command/command.ts'
import { EXIT, type ExitCode, usageError } from '../../command/exit.ts'
import { progressBar } from '../../command/progress.ts'
import { seedOf } from './number-arguments.ts'
import { reading } from './bad-file.ts'
import { writeOut } from './write-file.ts'

/** `concord plan`: from users and rates to machines and money; and fleets that lose their servers. */
export const plan: Command = {
  usage: `plan ${presetNames().join('|')}|FILE.yaml [options], or plan --replay NAME`,
  options: {
    report: { kind: 'text', value: 'FILE.html', doc: 'also write a page with tables and plots' },
    calibration: { kind: 'text', value: 'FILE', doc: 'costs of `concord sim calibrate` (default: those in the repository)' },
    preset: { kind: 'flag', doc: 'print the file of the preset, to be edited' },
    replay: { kind: 'text', value: 'NAME', doc: `play a herd through the fleet model: ${[...FLEET_REPLAYS.keys()].join(', ')}` },
    seed: { kind: 'number', value: 'N', doc: 'of the replay (default: 1)' },
    clients: { kind: 'number', value: 'N', doc: 'of the replay, in place of its own number; servers and others stay' },
  },
  async run(args, io): Promise<ExitCode> {
    const calibration = calibrationOf(args)
    const replay = args.text('replay')
    if (replay !== undefined) return runReplay(replay, args, io, calibration)
    const [name, more] = args.positionals
    if (name === undefined) throw usageError(`name a preset (${presetNames().join(', ')}) or a file: \`concord plan 001 --preset > my-plan.yaml\` makes one to edit`)
    if (more !== undefined) throw usageError(`one plan at a time, not also ${JSON.stringify(more)}`)
    const isPreset = presetNames().includes(name)
    if (args.flag('preset')) return printPreset(name, isPreset, io)
    const made = makePlan(reading(() => (isPreset ? readPreset(name) : readingFile(name, () => readPlan(name)))), calibration)
    const report = args.text('report')
    if (report !== undefined) writeOut(report, planReport(made))
    io.result(made, report === undefined ? planText(made) : `${planText(made)}\n${report} written`)
    return EXIT.ok
  },
}

function printPreset(name: string, isPreset: boolean, io: Io): ExitCode {
  if (!isPreset) throw usageError(`${name} is no preset: ${presetNames().join(', ')}`)
  const text = readFileSync(presetFile(name), 'utf8')
  io.result({ preset: name, text }, text.trimEnd())
  return EXIT.ok
}

function runReplay(name: string, args: Arguments, io: Io, calibration: Calibration): ExitCode {
  const known = FLEET_REPLAYS.get(name)
  if (known === undefined) throw usageError(`${name} is no replay: ${[...FLEET_REPLAYS.keys()].join(', ')}`)
  const [seed, clients] = [seedOf(args), args.number('clients')]
  if (clients !== undefined && (!Number.isInteger(clients) || clients < 1 || clients > MOST_CLIENTS)) throw usageError(`--clients is a whole number from 1 to ${MOST_CLIENTS.toLocaleString('en')}`)
  const scenario = { ...known.make(calibration), name, title: known.title, seed, ...(clients === undefined ? {} : { clients }) }
  const bar = progressBar(io, 'online %', 100)
  const result = runFleet(scenario, (share) => bar.at(Math.floor(share * 100)), () => performance.now())
  bar.done()
  const report = args.text('report')
  if (report !== undefined) writeOut(report, fleetReport(result, calibration))
  io.result(result, fleetText(result, calibration))
  return EXIT.ok
}

/** What the calendar's keys leave room for, with memory for all of them below 1 GB. */
const MOST_CLIENTS = 20_000_000

function calibrationOf(args: Arguments): Calibration {
  const file = args.text('calibration')
  if (file === undefined) return DEFAULT_CALIBRATION
  const text = readingFile(file, () => readFileSync(file, 'utf8'))
  try {
    return parseCalibration(text, file)
  } catch (error) {
    throw usageError((error as Error).message)
  }
}

function readingFile<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw usageError(`${file} cannot be read: ${error.message}`)
    throw error
  }
}
