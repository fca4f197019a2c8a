import type { WorkerMessage } from './process-worker.ts'
import { outcomeOf, type RunSeed, type SeedJob } from './seed-job.ts'

/** The other side of a `ProcessWorker`: `worker-main.ts RUNNER`, a job per message, an answer per job. */
const TIRED_BYTES = 1_000_000_000

const [, , runner = ''] = process.argv
const { runSeed } = (await import(runner)) as { readonly runSeed: RunSeed }

process.on('message', (message) => void answer(message as SeedJob))
process.on('disconnect', () => process.exit(0))

/** What throws here ends the process, and the campaign says so. */
async function answer(job: SeedJob): Promise<void> {
  const outcome = outcomeOf(await runSeed(job), job)
  process.send!({ outcome, isTired: process.memoryUsage.rss() > TIRED_BYTES } satisfies WorkerMessage)
}
