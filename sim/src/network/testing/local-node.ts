import { compose, type Server } from '@concord/server/compose'
import type { Limits } from '@concord/server/core/limits'
import type { Authenticator, DocumentKey, Identity, Telemetry } from '@concord/server/ports'
import { MemoryData } from '@concord/server/adapters/memory/memory-data'
import { openMemoryStores } from '@concord/server/adapters/memory/open-memory-stores'
import { Process } from '../../kernel/process.ts'
import type { VirtualTime } from '../../kernel/virtual-time.ts'
import type { NodeSide, ServerWork } from '../network.ts'

export const DOCUMENT_KEY: DocumentKey = { tenant: 'local', id: 'scene' }
export const DOCUMENT = 'documents/scene'

/** The real server as a node for tests of links: memory stores that outlive it, no processor model unless `costMs` is set. */
export class LocalNode implements NodeSide {
  readonly name: string
  readonly process: Process
  readonly data: MemoryData
  readonly charged = new Map<ServerWork, number>()
  /** Milliseconds of the one processor per piece of work; 0: at once. */
  costMs = 0
  server: Server | undefined
  readonly #time: VirtualTime
  readonly #limits: Partial<Limits>
  readonly #mourners: (() => void)[] = []
  #freeAt = 0

  constructor(time: VirtualTime, name = 'node-1', limits: Partial<Limits> = {}, data = new MemoryData()) {
    this.#time = time
    this.name = name
    this.#limits = limits
    this.data = data
    this.process = new Process(time, name)
  }

  get hubs(): NodeSide['hubs'] {
    return this.server === undefined ? undefined : { sessions: this.server.sessions, presence: this.server.presence }
  }

  start(): void {
    const runtime = this.process.start()
    const { opLog, snapshots, documents } = openMemoryStores(this.data)
    this.server = compose({ opLog, snapshots, documents, authenticator: NOBODY_ASKS, telemetry: SILENT, runtime }, { limitPreset: 'loadtest', limits: this.#limits })
  }

  async create(users: readonly string[]): Promise<void> {
    const { documents } = this.server!
    await documents.create(DOCUMENT_KEY, { title: 'Scene', type: 'text', creator: 'root', at: 0 })
    for (const userId of new Set(users)) await documents.setGrant(DOCUMENT_KEY, { userId, role: 'editor' })
  }

  kill(): void {
    this.process.kill()
    this.server = undefined
    for (const mourn of this.#mourners.splice(0)) mourn()
  }

  onDeath(callback: () => void): void {
    this.#mourners.push(callback)
  }

  charge(work: ServerWork, run: () => void): void {
    this.charged.set(work, (this.charged.get(work) ?? 0) + 1)
    if (this.costMs === 0) return run()
    const { generation } = this.process
    this.#freeAt = Math.max(this.#freeAt, this.#time.now) + this.costMs
    this.#time.schedule(this.#freeAt - this.#time.now, () => this.process.deliver(run, generation))
  }

  /** Text at the head of the log. */
  get head(): number {
    return this.data.log(DOCUMENT_KEY).records.length
  }
}

export function identityOf(userId: string): Identity {
  return { kind: 'identity', tenant: 'local', userId, name: userId, audience: 'concord', expiresAt: Number.MAX_SAFE_INTEGER }
}

/** Links bring identities; no token is ever looked at here. */
const NOBODY_ASKS: Authenticator = {
  verify: async () => ({ kind: 'failure', reason: 'TOKEN_MISSING', message: 'links carry identities' }),
}

const SILENT: Telemetry = { log: () => undefined, count: () => undefined, observe: () => undefined, gauge: () => undefined }
