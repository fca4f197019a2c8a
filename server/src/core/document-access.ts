import { type DocumentText } from '@concord/ot'
import { type DocumentKey } from '../ports/index.ts'
import type { DocumentAccess, DocumentState, OpenFailure } from './carrier.ts'
import type { DocumentHosts } from './document-hosts.ts'
import { EpochTable } from './epoch-table.ts'
import { failure, OWNER_MOVED, wireError } from './failures.ts'
import { goodSnapshot, readChanges } from './load-document.ts'
import type { Parts } from './parts.ts'
import { guarded } from './session-hub.ts'

/** What unary services read of documents, and what they tell running sessions. */
export class CoreDocumentAccess implements DocumentAccess {
  private readonly parts: Parts
  private readonly hosts: DocumentHosts

  constructor(parts: Parts, hosts: DocumentHosts) {
    this.parts = parts
    this.hosts = hosts
  }

  async read(doc: DocumentKey, version?: number): Promise<DocumentState | OpenFailure> {
    const state = await guarded(this.parts, doc, () => (version === undefined ? this.readHead(doc) : this.readPast(doc, version)))
    return 'reason' in state ? failure(state) : state
  }

  async head(doc: DocumentKey): Promise<number> {
    return this.hosts.loaded(doc)?.head ?? (await this.parts.opLog.head(doc)).version
  }

  titleChanged(doc: DocumentKey, title: string): void {
    this.hosts.loaded(doc)?.titleChanged(title)
  }

  roleChanged(doc: DocumentKey, _userId: string): void {
    void this.hosts.loaded(doc)?.rolesChanged()
  }

  deleted(doc: DocumentKey): void {
    this.hosts.loaded(doc)?.deleted()
  }

  private async readHead(doc: DocumentKey): Promise<DocumentState | OpenFailure> {
    const host = await this.hosts.get(doc)
    if ('reason' in host) return failure(host)
    const committed = await host.committedText()
    if (committed === undefined) return failure(host.over ?? OWNER_MOVED)
    return stateOf(committed.version, committed.epoch, committed.text)
  }

  /** From the nearest snapshot below, without disturbing the document's owner. */
  private async readPast(doc: DocumentKey, version: number): Promise<DocumentState | OpenFailure> {
    const head = await this.head(doc)
    if (version > head) return failure(wireError('VERSION_AHEAD', `The document is at version ${head}.`, { field: 'version' }))
    const { text, version: from } = await goodSnapshot(doc, version, this.parts)
    const problem = await readChanges(doc, from, version, this.parts, (change) => (text.apply(change.operation) === undefined ? undefined : `row ${change.version} does not fit`))
    if (problem !== undefined) return failure(wireError('DATA_LOSS', 'The stored document fails its checks. An operator must repair it.'))
    const epochs = new EpochTable(await this.parts.opLog.epochStarts(doc))
    return stateOf(version, epochs.epochOf(version), text)
  }
}

function stateOf(version: number, epoch: number, text: DocumentText): DocumentState {
  return { kind: 'state', version, epoch, hash: text.hash(), text }
}
