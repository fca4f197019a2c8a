import type { Submit, WireError } from '@concord/protocol'
import { type DocumentKey, type DocumentRecord, StorageUnavailable } from '../ports/index.ts'
import type { SubmitDecision } from './carrier.ts'
import { DocumentHost, type DoubtfulSubmit } from './document-host.ts'
import { Contested } from './contested.ts'
import { EpochTable } from './epoch-table.ts'
import { NOT_FOUND, OWNER_MOVED, ownedElsewhere, storageUnavailable, wireError } from './failures.ts'
import { findOwnCommit } from './find-own-commit.ts'
import { loadDocument } from './load-document.ts'
import type { Parts } from './parts.ts'
import { Rates } from './rates.ts'

/** A document that is being loaded, is loaded, or is set aside. */
interface Slot {
  readonly loading: Promise<DocumentHost | WireError>
  host: DocumentHost | undefined
  /** Monotonic time until which a damaged document is not tried again. */
  quarantinedUntil: number | undefined
}

const UNKNOWN: SubmitDecision = Object.freeze({
  kind: 'failure',
  error: wireError('OUTCOME_UNKNOWN', 'It is not known whether the operation was committed. Open again to learn it.'),
})

/** Ticks between two looks at what may be forgotten for good (R17). */
const EXPIRY_TICKS = 60

/** The documents of this server: loaded once however many ask, unloaded when idle, begun anew when their epoch ends. */
export class DocumentHosts {
  private readonly parts: Parts
  private readonly slots = new Map<string, Slot>()
  private readonly users: Rates
  private readonly contested: Contested
  private ticks = 0
  private isTicking = false
  private closing: WireError | undefined

  constructor(parts: Parts) {
    const { limits } = parts
    this.parts = parts
    this.users = new Rates(limits.userOperationsPerSecond, limits.userBurst)
    this.contested = new Contested(limits.ownerHoldMs, parts.runtime.random)
  }

  /** The document, when it is loaded. */
  loaded(doc: DocumentKey): DocumentHost | undefined {
    return this.slots.get(this.parts.rules.hostKey(doc))?.host
  }

  all(): DocumentHost[] {
    const hosts: DocumentHost[] = []
    for (const { host } of this.slots.values()) if (host !== undefined) hosts.push(host)
    return hosts
  }

  /** The document, loaded when it is not yet. */
  get(doc: DocumentKey): Promise<DocumentHost | WireError> {
    if (this.closing !== undefined) return Promise.resolve(this.closing)
    const key = this.parts.rules.hostKey(doc)
    const known = this.slots.get(key)
    if (known !== undefined) return known.loading
    const held = this.contested.wait(key, this.parts.runtime.clock.monotonic())
    if (held > 0) return Promise.resolve(ownedElsewhere(held))
    const slot: Slot = { loading: this.load(doc, key), host: undefined, quarantinedUntil: undefined }
    this.slots.set(key, slot)
    void slot.loading.then((loaded) => this.settle(key, slot, loaded))
    return slot.loading
  }

  /** Nothing is opened any more, and running sessions are asked to come back elsewhere. */
  drain(): void {
    if (this.closing !== undefined) return
    const { limits } = this.parts
    this.closing = wireError('DRAINING', 'The server is shutting down. Reconnect.', { retryAfterMs: limits.storageRetryMs })
    for (const host of this.all()) host.drain()
  }

  /** Looks after every document, once per tick. */
  tick(): void {
    const now = this.parts.runtime.clock.monotonic()
    this.ticks++
    this.users.sweep(now)
    this.contested.sweep(now)
    for (const [key, slot] of this.slots) {
      const { host } = slot
      if (host === undefined) {
        if (slot.quarantinedUntil !== undefined && slot.quarantinedUntil < now) this.slots.delete(key)
        continue
      }
      host.tick()
      if (this.ticks % EXPIRY_TICKS === 0) host.expireClients()
      if (host.isIdle()) void this.unload(key, host)
    }
    this.measure()
    this.schedule()
  }

  private measure(): void {
    const { limits, telemetry } = this.parts
    let [active, hot, running] = [0, 0, 0]
    for (const { host } of this.slots.values()) {
      if (host === undefined) continue
      const { sessions } = host
      active += 1
      running += sessions.size
      if (sessions.size > limits.hotEditors && sessions.editors > limits.hotEditors) hot += 1
    }
    telemetry.gauge('active_documents', active)
    telemetry.gauge('hot_documents', hot)
    telemetry.gauge('active_sessions', running)
  }

  /** Ticks only while there is something to look after, so that an idle server has no timer. */
  private schedule(): void {
    if (this.isTicking || this.slots.size === 0 || this.closing !== undefined) return
    this.isTicking = true
    this.parts.runtime.timers.set(this.parts.limits.tickMs, () => {
      this.isTicking = false
      this.tick()
    })
  }

  private settle(key: string, slot: Slot, loaded: DocumentHost | WireError): void {
    if ('reason' in loaded) {
      if (loaded.reason === 'DATA_LOSS') slot.quarantinedUntil = this.parts.runtime.clock.monotonic() + this.parts.limits.quarantineMs
      else this.slots.delete(key)
    } else if (loaded.over !== undefined) this.slots.delete(key)
    else slot.host = loaded
    this.schedule()
  }

  private async load(doc: DocumentKey, key: string): Promise<DocumentHost | WireError> {
    const { clock } = this.parts.runtime
    const { documents, limits, telemetry } = this.parts
    const begun = clock.monotonic()
    try {
      const record = await documents.get(doc)
      if (record === undefined) return NOT_FOUND
      const loaded = await loadDocument(doc, this.parts)
      if (loaded.kind === 'damaged') {
        telemetry.log('error', 'a document is damaged and set aside', { document: key, cause: loaded.cause })
        return loaded.error
      }
      telemetry.observe('document_open_latency_ms', clock.monotonic() - begun)
      return new DocumentHost(record, loaded, this.parts, this.users, (host, inDoubt) => this.over(key, record, host, inDoubt))
    } catch (error) {
      if (error instanceof StorageUnavailable) return storageUnavailable(limits.storageRetryMs)
      telemetry.log('error', 'a document could not be loaded', { document: key, cause: String(error) })
      return wireError('INTERNAL', 'A fault of the server. Retry; if it stays, tell the operator.')
    }
  }

  /** The epoch is over. Its successor reads the log and knows what became of the submits in doubt. */
  private over(key: string, record: DocumentRecord, host: DocumentHost, inDoubt: readonly DoubtfulSubmit[]): void {
    if (this.slots.get(key)?.host === host) this.slots.delete(key)
    if (host.isFenced) this.contested.lost(key, this.parts.runtime.clock.monotonic())
    for (const doubt of inDoubt) {
      const decision = host.isFenced ? this.decisionInLog(record.key, doubt.submit) : this.decisionOfSuccessor(record.key, doubt.submit)
      void decision.then(doubt.decided, () => doubt.decided(UNKNOWN))
    }
  }

  private async decisionOfSuccessor(doc: DocumentKey, submit: Submit): Promise<SubmitDecision> {
    const next = await this.get(doc)
    return 'reason' in next ? UNKNOWN : (next.decisionOf(submit) ?? { kind: 'failure', error: OWNER_MOVED })
  }

  /** Somebody else's claim has settled what is in the log: reading is enough, and takes the document from nobody. */
  private async decisionInLog(doc: DocumentKey, { clientId, seq }: Submit): Promise<SubmitDecision> {
    const { opLog } = this.parts
    const { version: head } = await opLog.head(doc)
    const epochs = new EpochTable(await opLog.epochStarts(doc))
    const found = await findOwnCommit(doc, clientId, { head, epochs }, this.parts)
    if (found?.lastSeq !== seq) return { kind: 'failure', error: OWNER_MOVED }
    const { version, at } = found
    return { kind: 'ack', ack: { seq, version, epoch: epochs.epochOf(version), durability: opLog.durability, at } }
  }

  private async unload(key: string, host: DocumentHost): Promise<void> {
    await host.snapshot()
    if (!host.isIdle() || this.slots.get(key)?.host !== host) return
    this.slots.delete(key)
    host.end(OWNER_MOVED)
  }
}
