import { OperationBuilder } from '@concord/ot'
import { SequencerBench } from '@concord/server/core/testing/sequencer-bench'
import type { Stage } from './stage.ts'

const FAR = 500
const SEATS = 200

/** The sequencer alone: operations at the head, and operations that 500 others have overtaken. */
export const transformStage: Stage = {
  title: 'transform',
  rounds: 5,
  async round() {
    const fresh = costPerSubmit(0)
    const stale = costPerSubmit(FAR)
    return { 'transform.fixed': fresh, 'transform.stale': Math.max(0, stale - fresh) / FAR }
  },
}

/** Milliseconds of processor time per submit that is `behind` operations behind. */
function costPerSubmit(behind: number): number {
  const bench = new SequencerBench({ limits: { windowOperations: 100_000, documentQueue: 100_000, sessionOperationsPerSecond: 1e9, userOperationsPerSecond: 1e9, userBurst: 1e9, documentOperationsPerSecond: 1e9 } })
  const author = bench.sit('ada')
  const seats = Array.from({ length: SEATS }, () => bench.sit('bob'))
  for (let version = 0; version < behind; version++) author.commit(version + 1, version, new OperationBuilder(version).insert('a').build())
  const before = process.cpuUsage()
  for (const [index, seat] of seats.entries()) {
    // Each at the head, or each at the beginning.
    const base = behind === 0 ? index : 0
    seat.commit(1, base, new OperationBuilder(base).insert('b').build())
  }
  const { user, system } = process.cpuUsage(before)
  // Those at the beginning have passed the others of their round too: half of them on average.
  const passed = behind === 0 ? 0 : SEATS / 2
  return ((user + system) / 1000 / SEATS) * (behind === 0 ? 1 : behind / (behind + passed))
}
