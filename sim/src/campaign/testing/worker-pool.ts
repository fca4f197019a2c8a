import { ProcessWorker } from '../process-worker.ts'
import type { SeedJob, WorkerAnswer } from '../seed-job.ts'

/** A few processes that take jobs in the order in which they are asked for. */
export class WorkerPool {
  readonly #options: ConstructorParameters<typeof ProcessWorker>[0]
  readonly #idle: (ProcessWorker | undefined)[]
  readonly #waiting: ((worker: ProcessWorker | undefined) => void)[] = []

  constructor(size: number, options: ConstructorParameters<typeof ProcessWorker>[0]) {
    this.#options = options
    this.#idle = Array.from({ length: size }, () => undefined)
  }

  async run(job: SeedJob): Promise<WorkerAnswer> {
    const worker = (this.#idle.length > 0 ? this.#idle.shift() : await new Promise<ProcessWorker | undefined>((resolve) => this.#waiting.push(resolve))) ?? new ProcessWorker(this.#options)
    const answer = await worker.run(job)
    const isUsable = answer.kind === 'done' && !answer.isTired
    if (!isUsable) worker.stop()
    this.#release(isUsable ? worker : undefined)
    return answer
  }

  stop(): void {
    for (const worker of this.#idle) worker?.stop()
  }

  #release(worker: ProcessWorker | undefined): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#idle.push(worker)
    else next(worker)
  }
}
