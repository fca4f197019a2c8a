import type { Runtime } from '@concord/runtime'
import type { DocumentAccess, PresenceHub, SessionHub } from '../core/carrier.ts'
import type { Authenticator, DocumentStore, OpLog, SnapshotStore, Telemetry } from '../ports/index.ts'

/** What the edge drives; a composed server is one. */
export interface EdgeServices {
  readonly sessions: SessionHub
  readonly presence: PresenceHub
  readonly access: DocumentAccess
  readonly documents: DocumentStore
  readonly opLog: OpLog
  readonly snapshots: SnapshotStore
  readonly authenticator: Authenticator
  readonly telemetry: Telemetry
  readonly runtime: Runtime
}
