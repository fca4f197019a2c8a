import { composeWithRules, type Server } from '@concord/server/compose'
import type { Limits } from '@concord/server/core/limits'
import type { ServerRules } from '@concord/server/core/rules'
import type { Authenticator, CounterName, DocumentKey, OpLog, Telemetry } from '@concord/server/ports'
import { keyText } from '@concord/server/ports'
import { MemoryData } from '@concord/server/adapters/memory/memory-data'
import { type MemoryStores, openMemoryStores } from '@concord/server/adapters/memory/open-memory-stores'
import type { KeyedRandom } from '../kernel/keyed-random.ts'
import type { VirtualTime } from '../kernel/virtual-time.ts'
import type { ServerSide } from './faulty-link.ts'

export const DOCUMENT_KEY: DocumentKey = { tenant: 'local', id: 'protocol' }

/** One node under virtual time: the real server on memory stores, which survive its death. */
export class SimServer implements ServerSide {
  readonly data = new MemoryData()
  readonly counts = new Map<CounterName, number>()
  generation = 0
  server: Server | undefined
  stores: MemoryStores | undefined
  readonly #mourners: (() => void)[] = []
  readonly #world: VirtualTime
  readonly #random: KeyedRandom
  readonly #limits: Partial<Limits>
  readonly #rules: ServerRules
  readonly #storageMs: number

  constructor(world: VirtualTime, random: KeyedRandom, limits: Partial<Limits>, rules: ServerRules, storageMs: number) {
    this.#world = world
    this.#random = random
    this.#limits = limits
    this.#rules = rules
    this.#storageMs = storageMs
  }

  get hub() {
    return this.server?.sessions
  }

  onDeath(callback: () => void): void {
    this.#mourners.push(callback)
  }

  start(): void {
    if (this.server !== undefined) return
    const generation = ++this.generation
    const stores = openMemoryStores(this.data)
    const runtime = this.#world.runtime(`server.${generation}`, () => this.generation === generation)
    const opLog = slowed(stores.opLog, () => new Promise((resolve) => runtime.timers.set(this.#random.float() * this.#storageMs, resolve as () => void)))
    const ports = { opLog, snapshots: stores.snapshots, documents: stores.documents, authenticator: NOBODY_ASKS, telemetry: this.#telemetry(), runtime }
    this.stores = stores
    this.server = composeWithRules(ports, { limitPreset: 'loadtest', limits: this.#limits }, this.#rules)
  }

  /** Dies without a word: nothing it awaits ever resolves. */
  kill(): void {
    this.generation += 1
    this.server = undefined
    void this.stores?.close()
    this.stores = undefined
    for (const callback of this.#mourners.splice(0)) callback()
  }

  /** Goes down in order. */
  async stop(): Promise<void> {
    const { server } = this
    if (server === undefined) return
    await server.close()
    if (this.server === server) this.kill()
  }

  /** The log lost its last `count` rows, as after a promotion of a replica that lagged (R15). The server must be down. */
  loseTail(count: number): void {
    const log = this.data.log(DOCUMENT_KEY)
    const head = Math.max(0, log.records.length - count)
    log.records.length = head
    while ((log.starts.at(-1)?.version ?? 0) > head) log.starts.pop()
    const key = keyText(DOCUMENT_KEY)
    this.data.snapshots.set(key, (this.data.snapshots.get(key) ?? []).filter((snapshot) => snapshot.version <= head))
  }

  #telemetry(): Telemetry {
    const count = (metric: CounterName, by = 1) => void this.counts.set(metric, (this.counts.get(metric) ?? 0) + by)
    return { log: () => undefined, count, observe: () => undefined, gauge: () => undefined }
  }
}

/** Links bring identities; no token is ever looked at here. */
const NOBODY_ASKS: Authenticator = {
  verify: async () => ({ kind: 'failure', reason: 'TOKEN_MISSING', message: 'links of the protocol test carry identities' }),
}

/** A log that takes its time before and after, so that batches form and a death falls on either side of an append. */
function slowed(log: OpLog, delay: () => Promise<void>): OpLog {
  return {
    durability: log.durability,
    claim: async (doc, owner) => (await delay(), log.claim(doc, owner)),
    append: async (doc, epoch, head, records) => {
      await delay()
      const outcome = await log.append(doc, epoch, head, records)
      await delay()
      return outcome
    },
    read: async (doc, after, records, bytes) => (await delay(), log.read(doc, after, records, bytes)),
    head: (doc) => log.head(doc),
    epochStarts: (doc) => log.epochStarts(doc),
    close: () => log.close(),
  }
}
