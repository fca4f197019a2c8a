import type { Runtime } from '@concord/runtime'
import type { DocumentStore, OpLog, SnapshotStore, Telemetry } from '../ports/index.ts'
import type { DocumentCodec } from './document-codec.ts'
import type { Limits } from './limits.ts'
import type { ServerRules } from './rules.ts'

/** What the core is built on; handed in by compose. */
export interface Parts {
  readonly opLog: OpLog
  readonly snapshots: SnapshotStore
  readonly documents: DocumentStore
  readonly telemetry: Telemetry
  readonly runtime: Runtime
  readonly codec: DocumentCodec
  readonly limits: Limits
  /** {@link RULES} outside of tests. */
  readonly rules: ServerRules
}
