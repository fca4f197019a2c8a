import type { FrameFactory } from '../core/carrier.ts'
import type { Telemetry } from '../ports/index.ts'
import type { Runtime } from '@concord/runtime'
import type { Admission } from './admission.ts'
import type { EdgeLimits } from './edge-limits.ts'
import type { FlushQueue } from './flush-queue.ts'
import type { LiveCarriers } from './live-carriers.ts'
import type { Sweeper } from './sweeper.ts'

/** What every stream and socket needs of the edge around it. */
export interface CarrierDeps {
  readonly admission: Admission
  readonly limits: EdgeLimits
  readonly flushes: FlushQueue
  readonly sweeper: Sweeper
  readonly live: LiveCarriers
  readonly frame: FrameFactory
  readonly telemetry: Telemetry
  readonly runtime: Runtime
}
