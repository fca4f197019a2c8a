import { madeUpPlan, madeUpResult } from '../../shrink/testing/made-up-run.ts'
import type { RunSeed } from '../seed-job.ts'

/** Scenarios for tests of workers: the name says what happens to the process. */
export const runSeed: RunSeed = async ({ scenario, seed }) => {
  switch (scenario) {
    case 'exit':
      return process.exit(7)
    case 'throw':
      throw new TypeError(`seed ${seed} is no good`)
    case 'reject':
      void Promise.reject(new Error('nobody waits for this'))
      return new Promise(() => {})
    case 'loop':
      for (;;);
    case 'wait':
      return new Promise(() => {})
    default:
      return madeUpResult(madeUpPlan([], { scenario, seed }))
  }
}
