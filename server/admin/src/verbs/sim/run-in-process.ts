import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { PlanChanges } from '@concord/sim/campaign/plan-of-seed'
import type { Io } from '../../command/command.ts'

/** One run, in words that a command line has. */
export interface RunJob {
  /** Scenario by name or path. */
  readonly source: string
  readonly seed: number
  readonly changes: PlanChanges
  readonly page: string
  readonly json: string
  /** Wall milliseconds. */
  readonly limitMs: number
}

const BIN = fileURLToPath(new URL('../../../bin/concord.js', import.meta.url))

/** A hundred thousand clients and servers in one process. */
const HEAP_MB = 12_000

/** Of what a dying process wrote to stderr. */
const KEPT_CHARACTERS = 2_000
const LAST_LINES = 3

/**
 * `concord sim run` in a process of its own: a run that takes too long or all of the memory takes nothing else with it, and
 * the next one begins with an empty heap. Where somebody watches, the bar of the run is seen.
 * @returns undefined when the result is written, else why it is not
 */
export function runInProcess(job: RunJob, io: Io, signal: AbortSignal): Promise<string | undefined> {
  const { limitMs, json } = job
  return new Promise((resolve) => {
    const argv = [...process.execArgv, `--max-old-space-size=${HEAP_MB}`, BIN, ...argumentsOf(job)]
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', io.isTerminal ? 'inherit' : 'pipe'], timeout: limitMs, killSignal: 'SIGKILL', signal })
    let stderr = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => void (stderr = (stderr + text).slice(-KEPT_CHARACTERS)))
    child.on('error', (error) => resolve(signal.aborted ? 'it was interrupted' : error.message))
    child.on('close', (code, killed) => {
      if (existsSync(json) && killed === null) resolve(undefined)
      else if (killed === 'SIGKILL') resolve(`it did not end within ${limitMs / 1_000} s, or was killed`)
      else resolve(`it ended with ${killed ?? `exit code ${code}`} and left no result: ${stderr.trim().split('\n').slice(-LAST_LINES).join(' ')}`)
    })
  })
}

function argumentsOf({ source, seed, changes: { level, bugs }, page, json }: RunJob): string[] {
  const changed = [...(level === undefined ? [] : ['--level', level]), ...(bugs === undefined ? [] : ['--bug', bugs.join(',')])]
  return ['sim', 'run', source, '--seed', String(seed), ...changed, '--report', page, '--result', json]
}
