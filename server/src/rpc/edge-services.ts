import type { Runtime } from '@concord/runtime'
import type { DocumentAccess, FrameFactory, PresenceHub, SessionHub } from '../core/carrier.ts'
import type { Authenticator, DocumentStore, OpLog, SnapshotStore, Telemetry } from '../ports/index.ts'

/** What the edge drives; compose hands it over. */
export interface EdgeServices {
  readonly sessions: SessionHub
  readonly presence: PresenceHub
  readonly documents: DocumentAccess
  readonly store: DocumentStore
  readonly log: OpLog
  readonly snapshots: SnapshotStore
  readonly frame: FrameFactory
  readonly authenticator: Authenticator
  readonly telemetry: Telemetry
  readonly runtime: Runtime
}
