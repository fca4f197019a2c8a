import type { CostName } from '../calibration.ts'
import type { MeasuredServer } from './measured-server.ts'

/** A group of costs that are measured together. */
export interface Stage {
  /** For the progress bar. */
  readonly title: string
  readonly rounds: number
  /** Every round begins on servers of its own: there is nothing to warm up. */
  readonly isCold?: boolean
  /** One round; its work is counted, never timed, wherever processor time is what is asked for. `round` keeps names of documents apart. */
  round(server: MeasuredServer, round: number): Promise<Partial<Record<CostName, number>>>
}
