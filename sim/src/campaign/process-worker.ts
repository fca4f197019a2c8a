import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CampaignWorker, SeedJob, SeedOutcome, WorkerAnswer } from './seed-job.ts'

export interface ProcessWorkerOptions {
  /** Module whose `runSeed` runs a seed. */
  readonly runner: URL
  /** Wall milliseconds for one seed, start of the process included. */
  readonly limitMs: number
  /** Of the process's heap, in megabytes. */
  readonly heapMb: number
}

/** As {@link WorkerAnswer} of kind `done`, from the other process. */
export interface WorkerMessage {
  readonly outcome: SeedOutcome
  readonly isTired: boolean
}

const ENTRY = fileURLToPath(new URL('worker-main.ts', import.meta.url))
/** Of what a dying process wrote to stderr. */
const KEPT_CHARACTERS = 2_000

/**
 * A worker in a process of its own: whatever a seed does to it, the campaign goes on. A seed that takes longer than the
 * limit is stopped with its process, for a loop without an end leaves no other way.
 */
export class ProcessWorker implements CampaignWorker {
  readonly #child: ChildProcess
  readonly #limitMs: number
  #stderr = ''
  #answer: ((answer: WorkerAnswer) => void) | undefined
  #ended: string | undefined

  constructor({ runner, limitMs, heapMb }: ProcessWorkerOptions) {
    this.#limitMs = limitMs
    const execArgv = ['--conditions=source', `--max-old-space-size=${heapMb}`]
    this.#child = fork(ENTRY, [runner.href], { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => void (this.#stderr = (this.#stderr + text).slice(-KEPT_CHARACTERS)))
    this.#child.on('message', (message) => this.#say({ kind: 'done', ...(message as WorkerMessage) }))
    this.#child.on('error', (error) => this.#end(error.message))
    // After `close` and not after `exit`: only then all of stderr has been read.
    this.#child.on('close', (code, signal) => this.#end(`${signal ?? `exit code ${code}`}${lastWords(this.#stderr)}`))
  }

  run(job: SeedJob): Promise<WorkerAnswer> {
    if (this.#ended !== undefined) return Promise.resolve({ kind: 'died', why: this.#ended })
    return new Promise((resolve) => {
      const limit = setTimeout(() => {
        this.#say({ kind: 'hung', afterMs: this.#limitMs })
        this.stop()
      }, this.#limitMs)
      this.#answer = (answer) => {
        clearTimeout(limit)
        resolve(answer)
      }
      // A failed send is followed by `close`, which answers.
      this.#child.send(job, () => {})
    })
  }

  stop(): void {
    this.#child.kill('SIGKILL')
  }

  #say(answer: WorkerAnswer): void {
    const say = this.#answer
    this.#answer = undefined
    say?.(answer)
  }

  #end(why: string): void {
    this.#ended ??= why
    this.#say({ kind: 'died', why: this.#ended })
  }
}

/** The line of an uncaught error that says what it is, else the last one. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !/^(Node\.js v|\s+at )/.test(line))
  const line = lines.findLast((text) => /(Error|FATAL)/.test(text)) ?? lines.at(-1)
  return line === undefined ? '' : `: ${line.trim()}`
}
