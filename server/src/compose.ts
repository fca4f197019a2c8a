import type { Runtime } from '@concord/runtime'
import { changeOf, recordOf } from './codec/record-codec.ts'
import { createFrameCodec } from './codec/shared-frame.ts'
import { decodeContent, decodeSnapshotState, encodeContent, encodeSnapshotState, encodeSubmitted, SNAPSHOT_FORMAT } from './codec/snapshot-codec.ts'
import type { DocumentAccess, FrameFactory, PresenceHub, SessionHub } from './core/carrier.ts'
import { CoreDocumentAccess } from './core/document-access.ts'
import type { DocumentCodec } from './core/document-codec.ts'
import { DocumentHosts } from './core/document-hosts.ts'
import { closeHosts } from './core/drain.ts'
import { type LimitPreset, type Limits, resolveLimits } from './core/limits.ts'
import type { Parts } from './core/parts.ts'
import { CorePresenceHub } from './core/presence-hub.ts'
import { RULES, type ServerRules } from './core/rules.ts'
import { loadOf, type ServerLoad } from './core/server-load.ts'
import { CoreSessionHub } from './core/session-hub.ts'
import type { Authenticator, DocumentStore, OpLog, SnapshotStore, Telemetry } from './ports/index.ts'

/** What a server is built on. Everything that touches the world comes in here. */
export interface ServerPorts {
  readonly opLog: OpLog
  readonly snapshots: SnapshotStore
  readonly documents: DocumentStore
  readonly authenticator: Authenticator
  readonly telemetry: Telemetry
  readonly runtime: Runtime
}

export interface ServerOptions {
  readonly limitPreset?: LimitPreset
  /** Limits that differ from the preset. */
  readonly limits?: Partial<Limits>
}

/** A server without its sockets: carriers take what is here. */
export interface Server extends ServerPorts {
  readonly sessions: SessionHub
  readonly presence: PresenceHub
  readonly access: DocumentAccess
  readonly limits: Limits
  /** Makes frames that share the core's encodings. */
  readonly frame: FrameFactory
  /** What it holds at this moment, for operators: looks into every session. */
  load(): ServerLoad
  /** No more opens; clients are asked to reconnect elsewhere, spread over the drain time. */
  drain(): void
  /** Drains, lets appends finish, writes snapshots, ends sessions, closes the stores. Idempotent. */
  close(): Promise<void>
}

/** Builds the server in start-up order. Throws RangeError when the limits contradict each other. */
export function compose(ports: ServerPorts, options: ServerOptions = {}): Server {
  return composeWithRules(ports, options, RULES)
}

/** For tests of the rules, which switch one off at a time; nothing else calls it. */
export function composeWithRules(ports: ServerPorts, options: ServerOptions, rules: ServerRules): Server {
  const limits = resolveLimits(options.limitPreset, options.limits)
  const parts: Parts = { ...ports, codec: createDocumentCodec(), limits, rules }
  const hosts = new DocumentHosts(parts)
  const sessions = new CoreSessionHub(parts, hosts)
  const presence = new CorePresenceHub(parts, sessions)
  const access = new CoreDocumentAccess(parts, hosts)
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    presence.close()
    await closeHosts(hosts, parts)
    await Promise.all([ports.opLog.close(), ports.snapshots.close(), ports.documents.close()])
  }
  return { ...ports, sessions, presence, access, limits, frame: parts.codec.frame, load: () => loadOf(hosts.all(), limits), drain: () => hosts.drain(), close: () => (closed ??= close()) }
}

/** The codec as the core sees it. */
export function createDocumentCodec(): DocumentCodec {
  const { frame, changeBytes } = createFrameCodec()
  return { frame, changeBytes, recordOf, changeOf, encodeSubmitted, snapshotFormat: SNAPSHOT_FORMAT, encodeSnapshotState, decodeSnapshotState, encodeContent, decodeContent }
}
