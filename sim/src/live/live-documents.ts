import { create, fromBinary, type DescMessage, type MessageInitShape, type MessageShape, toBinary } from '@bufbuild/protobuf'
import { type Client, connect, OperationBuilder, type Role, WebSocketTransport } from '@concord/client'
import { ChangeSchema, ListOperationsRequestSchema, ListOperationsResponseSchema, type LoggedOperation } from '@concord/proto'
import { changeFromProto } from '@concord/protocol'
import type { LogRecord } from '@concord/server/ports'
import { systemRuntime } from '@concord/runtime'
import { filler, SEED_USER } from '../fakes/seed-document.ts'
import type { PlannedDocument } from '../plan/plan.ts'
import { inTurn, type Tokens } from './group/tokens.ts'

const TOGETHER = 16
const PAGE = 1_000

export interface Grant {
  readonly document: string
  readonly user: string
  readonly role: Role
}

/** Documents of a live run by the public calls: made, filled and shared before it, their logs read after it. */
export class LiveDocuments {
  readonly #url: string
  readonly #tokens: Tokens
  readonly #client: Client

  constructor(url: string, tokens: Tokens) {
    this.#url = url
    this.#tokens = tokens
    this.#client = connect({ url, token: () => tokens.of(SEED_USER), transport: (context) => new WebSocketTransport(context) })
  }

  /** @returns the head of each document once it is filled */
  async prepare(documents: readonly PlannedDocument[], grants: readonly Grant[]): Promise<ReadonlyMap<string, number>> {
    const heads = new Map<string, number>()
    await inTurn(documents, TOGETHER, async ({ id, units }) => {
      await this.#client.documents.create({ id, type: 'text' })
      heads.set(id, units === 0 ? 0 : await this.#fill(id, units))
    })
    await inTurn(grants, TOGETHER, (grant) => this.grant(grant.document, grant.user, grant.role))
    return heads
  }

  /** @param role undefined takes it away */
  grant(document: string, user: string, role: Role | undefined): Promise<void> {
    return this.#client.documents.share(`documents/${document}`, user, role)
  }

  delete(document: string): Promise<void> {
    return this.#client.documents.delete(`documents/${document}`)
  }

  async logs(documents: readonly PlannedDocument[]): Promise<ReadonlyMap<string, readonly LogRecord[]>> {
    const logs = new Map<string, readonly LogRecord[]>()
    await inTurn(documents, TOGETHER, async ({ id }) => void logs.set(id, await this.#log(id)))
    return logs
  }

  async close(): Promise<void> {
    await this.#client.close()
  }

  async #fill(id: string, units: number): Promise<number> {
    const document = await this.#client.open(`documents/${id}`)
    document.change(new OperationBuilder(0).insert(filler(0, units)).build())
    while (document.status.pending > 0) await new Promise<void>((resolve) => void systemRuntime.timers.set(5, resolve))
    const { version } = document
    await document.close()
    return version
  }

  async #log(id: string): Promise<LogRecord[]> {
    const rows: LogRecord[] = []
    for (let pageToken = ''; ; ) {
      const request = { document: `documents/${id}`, pageSize: PAGE, pageToken }
      const page = await this.#call('HistoryService/ListOperations', ListOperationsRequestSchema, request, ListOperationsResponseSchema)
      for (const operation of page.operations) rows.push(recordOf(operation))
      pageToken = page.nextPageToken
      if (pageToken === '') return rows
    }
  }

  async #call<I extends DescMessage, O extends DescMessage>(method: string, input: I, fields: MessageInitShape<I>, output: O): Promise<MessageShape<O>> {
    const headers = { 'content-type': 'application/proto', 'connect-protocol-version': '1', authorization: `Bearer ${await this.#tokens.of(SEED_USER)}` }
    const body = new Uint8Array(toBinary(input, create(input, fields)))
    const response = await fetch(`${this.#url}/concord.v1.${method}`, { method: 'POST', headers, body })
    if (!response.ok) throw new Error(`${method} was refused (${response.status}): ${await response.text()}`)
    return fromBinary(output, new Uint8Array(await response.arrayBuffer()))
  }
}

/** A row as the log holds it. What was submitted where that differs is not told by the call. */
function recordOf({ change, clientSeq, baseVersion, algorithm, format }: LoggedOperation): LogRecord {
  if (change === undefined) throw new Error('the server told of a row without a change')
  const { version, epoch, author, at } = changeFromProto(change)
  const { clientId, userId } = author
  return { version, epoch, clientId, clientSeq: Number(clientSeq), userId, at, baseVersion: Number(baseVersion), algorithm, format, bytes: toBinary(ChangeSchema, change) }
}
