import type { Server } from '@concord/server/compose'
import type { Authenticator } from '@concord/server/ports'
import { EDGE_LIMITS, type EdgeLimits } from '@concord/server/rpc/edge-limits'
import { Edge } from '@concord/server/rpc/edge'
import type { Duplex } from 'node:stream'
import { asProcess } from '../../kernel/guard.ts'
import { WireEnd } from './wire-end.ts'

/**
 * nghttp2 counts resets by the real clock, so that limit is out of reach here: whether a connection is closed for it must
 * not depend on how fast the simulator runs.
 */
const NO_RESET_LIMIT = { resetBurst: 1_000_000, resetsPerSecond: 1_000_000 } satisfies Partial<EdgeLimits>

/** The real edge in front of a composed server, on connections that are handed to it: one per generation of a node. */
export class EdgeNode {
  readonly #edge: Edge
  readonly #server: Server

  constructor(server: Server, authenticator: Authenticator = server.authenticator, limits: Partial<EdgeLimits> = {}) {
    this.#server = server
    const options = { host: 'node', port: 0, origins: [], development: false, page: '', limits: { ...EDGE_LIMITS, ...NO_RESET_LIMIT, ...limits } }
    this.#edge = asProcess(server.runtime, () => new Edge({ ...server, authenticator }, options))
    this.#edge.begin()
  }

  /** Streams that are open. */
  get carriers(): number {
    return this.#edge.carriers
  }

  accept(connection: Duplex): void {
    const { runtime } = this.#server
    if (connection instanceof WireEnd) connection.within = (run) => asProcess(runtime, run)
    asProcess(runtime, () => this.#edge.accept(connection))
  }

  /** Not ready, nothing new is opened; whoever is there is told by the server's own drain. */
  drain(): void {
    this.#edge.drain()
  }

  /** Resolves once every stream has ended, or after `windowMs`. */
  emptied(windowMs: number): Promise<void> {
    return this.#edge.emptied(windowMs)
  }

  /** Says goodbye on every connection (GOAWAY), and cuts what is left after `deadlineMs`. */
  close(deadlineMs: number): Promise<void> {
    return this.#edge.close(deadlineMs)
  }
}
