import type { Plan } from '@concord/sim/plan/plan'
import type { RunResult } from '@concord/sim/run/run-result'
import type { RunOptions } from '@concord/sim/run/run-plan'
import type { Io } from '../../command/command.ts'
import { CommandError, EXIT } from '../../command/exit.ts'
import { type Progress, progressBar } from '../../command/progress.ts'

/** How a plan is run; tests put another one in. */
export type RunPlan = (plan: Plan, options?: RunOptions) => Promise<RunResult>

export const runPlan: RunPlan = async (plan, options) => (await import('@concord/sim/run/run-plan')).runPlan(plan, options)

/** A run that is shorter than this needs no bar. */
const QUIET_MS = 500

/** Runs a plan with a bar of virtual time. What the run calls may touch neither clock nor terminal, so a timer beside it looks. */
export async function watchedRun(run: RunPlan, plan: Plan, io: Io): Promise<RunResult> {
  let [done, total] = [0, 0]
  let bar: Progress | undefined
  const timer = setInterval(() => {
    if (total > 0) bar ??= progressBar(io, 'virtual seconds', Math.ceil(total / 1_000))
    bar?.at(Math.floor(done / 1_000))
  }, QUIET_MS)
  try {
    return await run(plan, { wall: () => performance.now(), progress: (doneMs, totalMs) => void ([done, total] = [doneMs, totalMs]) })
  } catch (error) {
    // A run that crashes gives a result that says so; this one did not even come to that.
    throw new CommandError(EXIT.crashed, `the simulator could not run the plan: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  } finally {
    clearInterval(timer)
    bar?.done()
  }
}
