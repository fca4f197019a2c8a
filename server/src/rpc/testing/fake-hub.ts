import { compose, DocumentText, type Operation, OperationBuilder } from '@concord/ot'
import { type Change, type ClientFrame, type ClientPresence, id64, type Open, type ServerFrame, type ServerPresence, type Submit, type WireError } from '@concord/protocol'
import type { DocumentAccess, DocumentState, FrameFactory, OpenFailure, PresenceHandle, PresenceHub, SessionHandle, SessionHub, SharedFrame, SubmitDecision } from '../../core/carrier.ts'
import { NOT_FOUND } from '../../core/failures.ts'
import { type DocumentKey, type Identity, keyText } from '../../ports/index.ts'

/** One document of the fake: a log without transformation, so submits must be made at the head. */
class FakeDocument {
  readonly changes: SharedFrame[] = []
  readonly text = DocumentText.empty()
  readonly sessions = new Set<FakeSession>()
}

/** Just enough of a core to test carriers with: order, shared frames, cursors; no storage and no rules. */
export class FakeHub implements SessionHub, PresenceHub, DocumentAccess {
  readonly documents = new Map<string, FakeDocument>()
  /** Frames made, for proofs that each is encoded once. */
  made = 0
  readonly renewed: Identity[] = []
  readonly #frame: FrameFactory
  #ids = 0

  constructor(frame: FrameFactory) {
    this.#frame = frame
  }

  add(key: DocumentKey): FakeDocument {
    const doc = new FakeDocument()
    this.documents.set(keyText(key), doc)
    return doc
  }

  frame(value: ServerFrame): SharedFrame {
    this.made += 1
    return this.#frame(value)
  }

  id(): string {
    this.#ids += 1
    return id64(1, this.#ids)
  }

  find(identity: Identity, name: string): FakeDocument | undefined {
    return this.documents.get(`${identity.tenant}/${name.replace(/^documents\//, '')}`)
  }

  open(identity: Identity, open: Open, wake: () => void): Promise<SessionHandle | OpenFailure>
  open(identity: Identity, open: Extract<ClientPresence, { kind: 'open' }>, wake: () => void): Promise<PresenceHandle | OpenFailure>
  async open(identity: Identity, open: Open | Extract<ClientPresence, { kind: 'open' }>, wake: () => void): Promise<SessionHandle | PresenceHandle | OpenFailure> {
    const doc = this.find(identity, open.document)
    if (doc === undefined) return { kind: 'failure', error: NOT_FOUND }
    return 'kind' in open ? new FakePresence(this, identity, wake) : new FakeSession(this, doc, identity, open, wake)
  }

  async submit(identity: Identity, document: string, submit: Submit): Promise<SubmitDecision> {
    const doc = this.find(identity, document)
    if (doc === undefined) return { kind: 'failure', error: NOT_FOUND }
    const frame = this.commit(doc, identity, submit)
    return frame.kind === 'ack' ? { kind: 'ack', ack: frame.ack } : { kind: 'failure', error: { reason: 'VERSION_AHEAD', message: 'not at the head' } }
  }

  commit(doc: FakeDocument, { userId }: Identity, { clientId, seq, baseVersion, operation }: Submit): ServerFrame {
    if (baseVersion !== doc.changes.length || doc.text.apply(operation) !== undefined) {
      return { kind: 'reject', reject: { seq, error: { reason: 'OPERATION_MALFORMED', message: 'does not fit' } } }
    }
    const version = doc.changes.length + 1
    const change: Change = { version, epoch: 1, author: { userId, userOrdinal: 1, clientId }, operation, at: 1 }
    doc.changes.push(this.frame({ kind: 'change', change }))
    for (const session of doc.sessions) if (session.clientId !== clientId) session.wakeOnce()
    return { kind: 'ack', ack: { seq, version, epoch: 1, durability: 'volatile', at: 1 } }
  }

  update(identity: Identity, document: string): WireError | undefined {
    return this.find(identity, document) === undefined ? { reason: 'PRESENCE_NOT_OPEN', message: 'presence is not open for this client' } : undefined
  }

  async read(doc: DocumentKey, version?: number): Promise<DocumentState | OpenFailure> {
    const found = this.documents.get(keyText(doc))
    const text = DocumentText.empty()
    const operations = (found?.changes ?? []).slice(0, version).map(({ value }) => (value as { readonly change: Change }).change.operation)
    if (operations.length > 0) text.apply(operations.reduce(compose))
    return { kind: 'state', version: operations.length, epoch: 1, hash: text.hash(), text }
  }

  async head(doc: DocumentKey): Promise<number> {
    return this.documents.get(keyText(doc))?.changes.length ?? 0
  }

  titleChanged(): void {}
  roleChanged(): void {}
  deleted(): void {}
}

class FakeSession implements SessionHandle {
  readonly kind = 'session'
  readonly clientId: string
  readonly #hub: FakeHub
  readonly #doc: FakeDocument
  readonly #wake: () => void
  readonly #own = new Map<number, SharedFrame>()
  #identity: Identity
  #control: SharedFrame[]
  #cursor: number
  #asleep = true
  /** Frames handed over so far. */
  pulled = 0
  ended: WireError | 'done' | undefined

  constructor(hub: FakeHub, doc: FakeDocument, identity: Identity, open: Open, wake: () => void) {
    this.#hub = hub
    this.#doc = doc
    this.#wake = wake
    this.#identity = identity
    this.clientId = open.clientId ?? hub.id()
    this.#cursor = open.version
    doc.sessions.add(this)
    const { userId } = identity
    const rest = { lastSeq: 0, lastVersion: 0, resume: 'changes', role: 'owner', userOrdinal: 1, durability: 'volatile', algorithm: 1, documentType: 'text', title: '', submitWindow: 1 } as const
    this.#control = [hub.frame({ kind: 'opened', opened: { session: hub.id(), clientId: this.clientId, epoch: 1, head: doc.changes.length, userId, ...rest } })]
  }

  wakeOnce(): void {
    if (!this.#asleep) return
    this.#asleep = false
    this.#wake()
  }

  receive(frame: ClientFrame): void {
    if (frame.kind === 'open') this.ended = { reason: 'FRAME_MALFORMED', message: 'open comes once' }
    if (frame.kind === 'submit') {
      const decided = this.#hub.frame(this.#hub.commit(this.#doc, this.#identity, { ...frame.submit, clientId: this.clientId }))
      if (decided.value.kind === 'ack') this.#own.set(decided.value.ack.version, decided)
      else this.#control.push(decided)
    }
    this.wakeOnce()
  }

  renew(identity: Identity): void {
    this.#identity = identity
    this.#hub.renewed.push(identity)
  }

  pull(maxBytes: number): readonly SharedFrame[] {
    const due = this.#control.splice(0)
    for (let size = 0; this.#cursor < this.#doc.changes.length && size < maxBytes; this.#cursor += 1) {
      const frame = this.#own.get(this.#cursor + 1) ?? this.#doc.changes[this.#cursor]!
      size += frame.message().length
      due.push(frame)
    }
    this.#asleep = true
    this.pulled += due.length
    return due
  }

  close(): void {
    this.#doc.sessions.delete(this)
  }
}

class FakePresence implements PresenceHandle {
  readonly kind = 'presence'
  readonly #hub: FakeHub
  readonly #wake: () => void
  #due: ServerPresence | undefined = { updated: [], left: [], detail: 'full', count: 0 }
  ended: WireError | 'done' | undefined

  constructor(hub: FakeHub, _identity: Identity, wake: () => void) {
    this.#hub = hub
    this.#wake = wake
  }

  receive(message: ClientPresence): void {
    if (message.kind === 'state') this.#due = { updated: [{ clientId: id64(9, 9), userId: 'echo', state: message.state }], left: [], detail: 'full', count: 1 }
    if (message.kind === 'open') this.ended = { reason: 'FRAME_MALFORMED', message: 'open comes once' }
    this.#wake()
  }

  renew(identity: Identity): void {
    this.#hub.renewed.push(identity)
  }

  pull(): ServerPresence | undefined {
    const due = this.#due
    this.#due = undefined
    return due
  }

  close(): void {}
}

/** Inserts `text` in front of a document of `length` units. */
export function insertion(length: number, text: string): Operation {
  return new OperationBuilder(length).insert(text).build()
}
