import type { Role } from '@concord/protocol'
import type { Random } from '@concord/runtime'
import { MemoryData } from '@concord/server/adapters/memory/memory-data'
import { MemoryDocumentStore } from '@concord/server/adapters/memory/memory-document-store'
import { MemoryGate } from '@concord/server/adapters/memory/memory-gate'
import { snapshotChecksum } from '@concord/server/adapters/snapshot-checksum'
import { MemorySnapshotStore } from '@concord/server/adapters/memory/memory-snapshot-store'
import { type Authenticator, type DocumentKey, type DocumentStore, keyText, type LogRecord, type OpLog, type SnapshotStore } from '@concord/server/ports'
import type { Emit } from '../checkers/emit.ts'
import type { KeyedRandom } from '../kernel/keyed-random.ts'
import type { Process } from '../kernel/process.ts'
import type { VirtualTime } from '../kernel/virtual-time.ts'
import type { PlannedDocument, StorageModel } from '../plan/plan.ts'
import { NodeGate } from './node-gate.ts'
import { SimAuthenticator, TENANT } from './sim-authenticator.ts'
import { simDocuments, simSnapshots } from './sim-documents.ts'
import { SimOpLog } from './sim-op-log.ts'
import type { StorageBugs } from './storage-bugs.ts'
import { StorageConditions } from './storage-conditions.ts'
import { StorePath } from './store-path.ts'
import { seedDocument } from './seed-document.ts'

export interface SimStorageParts {
  readonly time: VirtualTime
  /** For what concerns no node by itself: when planted bugs show. */
  readonly random: KeyedRandom
  readonly model: StorageModel
  readonly emit: Emit
  /** Whether a partition lies between the node and the stores. */
  readonly blocked: (node: string) => boolean
  readonly bugs?: StorageBugs
}

/** The stores as one generation of one node sees them. */
export interface StorageView {
  readonly opLog: OpLog
  readonly snapshots: SnapshotStore
  readonly documents: DocumentStore
  readonly authenticator: Authenticator
  /** Every later call rejects. */
  close(): void
}

/** Owns documents that nobody planned for. */
const ROOT_USER = 'root'

/**
 * What all nodes of a world share: the log, the snapshots, documents and grants, on the memory stores. Nodes reach them
 * through a {@link view}, with delays and faults; the world itself directly, at once and without fail.
 */
export class SimStorage {
  readonly data = new MemoryData()
  readonly #parts: SimStorageParts
  readonly #conditions = new StorageConditions()
  /** A stream per node, over all its generations: what one node draws is nothing to another. */
  readonly #randoms = new Map<string, Random>()
  /** Rows by document id: a log keeps its list for ever. */
  readonly #records = new Map<string, readonly LogRecord[]>()
  readonly #documents: DocumentStore = new MemoryDocumentStore(this.data, new MemoryGate())

  constructor(parts: SimStorageParts) {
    this.#parts = parts
  }

  /** Call it once for each generation of a node: its server closes it. */
  view(node: Process): StorageView {
    const { time, model, emit, blocked, bugs = {}, random } = this.#parts
    const { name } = node
    const conditions = this.#conditions
    const gate = new NodeGate(conditions, name)
    const isBlocked = (): boolean => blocked(name)
    const path = new StorePath({ time, node, random: this.#randomOf(name), delayMs: model.delayMs, slowMs: () => conditions.slowMs.of(name), isBlocked })
    return {
      opLog: new SimOpLog({ node: name, data: this.data, gate, path, emit, bugs, random }),
      snapshots: simSnapshots(new MemorySnapshotStore(this.data, gate), path),
      documents: simDocuments(new MemoryDocumentStore(this.data, gate), path, () => conditions.permissions.of(name)),
      // Tokens that a process has seen are forgotten with it.
      authenticator: new SimAuthenticator(() => conditions.keys.of(name)),
      close: () => gate.close(),
    }
  }

  // What goes wrong. Without `node` it concerns every node.

  /** The next append is answered `unknown`: it is written, or it is lost. */
  ambiguous(outcome: 'applied' | 'lost', node?: string): void {
    this.#conditions.ambiguous(outcome, node)
  }

  /** `writes`: as on a full disk. */
  unavailable(what: 'nothing' | 'writes' | 'everything', node?: string): void {
    this.#conditions.unavailable.set(what, node)
  }

  /** Each call takes `delayMs` more from now on, half of it before its effect; 0 ends it. */
  slow(delayMs: number, node?: string): void {
    this.#conditions.slowMs.set(delayMs, node)
  }

  /** Whether roles can be asked for. */
  permissions(available: boolean, node?: string): void {
    this.#conditions.permissions.set(available, node)
  }

  /** Whether tokens that a node has not seen can be verified. */
  keys(available: boolean, node?: string): void {
    this.#conditions.keys.set(available, node)
  }

  /** Ends all of the above. */
  heal(): void {
    this.#conditions.heal()
  }

  /** The log lost its last `count` rows, as after a promotion of a replica that lagged (R15). Every node must be down. */
  loseTail(documentId: string, count: number): void {
    const doc = keyOf(documentId)
    const log = this.data.log(doc)
    const head = Math.max(0, log.records.length - count)
    log.records.length = head
    while ((log.starts.at(-1)?.version ?? 0) > head) log.starts.pop()
    this.data.snapshots.set(keyText(doc), (this.data.snapshots.get(keyText(doc)) ?? []).filter(({ version }) => version <= head))
  }

  /** One bit of the newest snapshot flips. @returns its version; undefined when there is none with content */
  flipBit(documentId: string): number | undefined {
    const doc = keyOf(documentId)
    const newest = this.data.snapshots.get(keyText(doc))?.at(-1)
    if (newest === undefined || newest.chunks.length === 0) return undefined
    if (this.#parts.bugs?.unseenDamage === true) this.#damageUnseen(doc)
    else this.data.damageSnapshot(doc, newest.version)
    return newest.version
  }

  /** As though a bit in the middle of the newest content had flipped before the store made its checksum. */
  #damageUnseen(doc: DocumentKey): void {
    const snapshots = this.data.snapshots.get(keyText(doc)) ?? []
    const newest = snapshots.at(-1)
    if (newest === undefined) return
    const [first = new Uint8Array(), ...rest] = newest.chunks
    const middle = first.length >> 1
    const damaged = { ...newest, chunks: [first.map((byte, index) => (index === middle ? byte ^ 1 : byte)), ...rest] }
    this.data.snapshots.set(keyText(doc), [...snapshots.slice(0, -1), { ...damaged, checksum: snapshotChecksum(damaged) }])
  }

  // What the world does itself, and sees.

  /** What is in the log, whatever any node believes. */
  log(documentId: string): readonly LogRecord[] {
    let records = this.#records.get(documentId)
    if (records === undefined) this.#records.set(documentId, (records = this.data.log(keyOf(documentId)).records))
    return records
  }

  /** A new document, with the text it begins with. */
  create({ id, units }: PlannedDocument): void {
    void this.#documents.create(keyOf(id), { title: id, type: 'text', creator: ROOT_USER, at: Math.floor(this.#parts.time.wall) })
    this.seed(id, units)
  }

  /** Without a role the grant is removed. Running servers hear of it by themselves, or from {@link SimNode.roleChanged}. */
  grant(documentId: string, userId: string, role: Role | undefined): void {
    const doc = keyOf(documentId)
    if (role === undefined) void this.#documents.deleteGrant(doc, userId)
    else void this.#documents.setGrant(doc, { userId, role })
  }

  /** Marks the document as deleted. */
  delete(documentId: string): void {
    void this.#documents.delete(keyOf(documentId), Math.floor(this.#parts.time.wall))
  }

  /** Text of `units` and its short history, in a document without any. @throws {RangeError} when it has a history */
  seed(documentId: string, units: number): void {
    seedDocument(this.data, keyOf(documentId), units, Math.floor(this.#parts.time.wall))
  }

  #randomOf(node: string): Random {
    let random = this.#randoms.get(node)
    if (random === undefined) this.#randoms.set(node, (random = this.#parts.time.runtime(`storage of ${node}`).random))
    return random
  }
}

/** The key of a simulated document. */
export function keyOf(documentId: string): DocumentKey {
  return { tenant: TENANT, id: documentId }
}
