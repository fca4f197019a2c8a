import { Code, ConnectError } from '@connectrpc/connect'
import { ContentFormat, DocumentView, type LoggedOperation } from '@concord/proto'
import type { Connection } from './connection.ts'
import type { ContentClaim, LogSource, SnapshotClaim } from './verify/verify-log.ts'

/** A document's log and what a running server claims about it. */
export class ServerSource implements LogSource {
  readonly #connection: Connection
  readonly #document: string

  constructor(connection: Connection, document: string) {
    this.#connection = connection
    this.#document = document
  }

  /** Ends at the head that {@link head} saw, so that a document may be edited meanwhile. */
  async *rows(): AsyncIterable<LoggedOperation> {
    const { version } = await this.head()
    let after = 0
    for (let pageToken = ''; after < version; ) {
      const page = await this.#connection.history.listOperations({ document: this.#document, pageSize: 1_000, pageToken })
      yield* page.operations.slice(0, version - after)
      after += page.operations.length
      pageToken = page.nextPageToken
      if (pageToken === '') return
    }
  }

  async snapshots(): Promise<readonly SnapshotClaim[]> {
    const found: SnapshotClaim[] = []
    const { version } = await this.head()
    for (let atMost = version; atMost > 0; ) {
      const snapshot = await this.#snapshot(atMost)
      if (snapshot === undefined) break
      found.push(snapshot)
      if (snapshot.fault !== undefined) break
      atMost = snapshot.version - 1
    }
    return found
  }

  #head: Promise<ContentClaim> | undefined

  head(): Promise<ContentClaim> {
    this.#head ??= this.#readHead()
    return this.#head
  }

  async #readHead(): Promise<ContentClaim> {
    const { document } = await this.#connection.documents.getDocument({ name: this.#document, view: DocumentView.FULL, format: ContentFormat.RUNS })
    const content = document?.content
    return { version: Number(content?.version ?? 0n), hash: content?.hash ?? 0n, content: content?.content.case === 'runs' ? [content.content.value] : [] }
  }

  async #snapshot(atMost: number): Promise<SnapshotClaim | undefined> {
    try {
      const { snapshot } = await this.#connection.admin.getSnapshot({ document: this.#document, atMost: BigInt(atMost), content: true })
      if (snapshot === undefined) return undefined
      const clients = new Map(snapshot.clients.map(({ clientId, lastSeq }) => [clientId, Number(lastSeq)]))
      return { version: Number(snapshot.version), hash: snapshot.hash, content: snapshot.content, clients }
    } catch (error) {
      if (error instanceof ConnectError && error.code === Code.NotFound) return undefined
      if (error instanceof ConnectError && error.code === Code.DataLoss) return { version: atMost, hash: 0n, content: [], clients: new Map(), fault: error.rawMessage }
      throw error
    }
  }
}
