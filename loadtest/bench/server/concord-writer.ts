import { OperationBuilder } from '@concord/ot'
import type { Open, Opened, ServerFrame } from '@concord/protocol'
import { createDocuments, developmentToken } from './dev-account.ts'
import type { DocumentWriter } from './document-writer.ts'
import { SocketClient } from './socket-client.ts'

interface Session {
  opened: Opened
  version: number
  seq: number
}

/** Channels a socket may have is 100; documents are spread over sockets below that. */
const PER_SOCKET = 80

/** What opens a document from its first version. */
export function openFrame(document: string): Open {
  return { document, version: 0, epoch: 0, lastSeq: 0, sdk: 'bench/1', features: [], snapshot: false, algorithms: [1] }
}

/** Speaks the session protocol over one socket, without the SDK. */
export class ConcordWriter implements DocumentWriter {
  readonly #url: string
  readonly #sessions: Session[] = []
  readonly #clients: SocketClient[] = []

  constructor(url: string) {
    this.#url = url
  }

  async open(documents: number, onAck: (document: number) => void): Promise<void> {
    const token = await developmentToken(this.#url, 'writer')
    await createDocuments(this.#url, token, 'bench-', documents)
    const opened = Promise.withResolvers<void>()
    let waiting = documents
    for (let first = 0; first < documents; first += PER_SOCKET) {
      const client = await SocketClient.connect(this.#url, token, (channel, frame) => {
        const document = first + channel - 1
        if (this.#take(document, frame)) onAck(document)
        if (frame.kind === 'opened' && --waiting === 0) opened.resolve()
      })
      this.#clients.push(client)
      const last = Math.min(documents, first + PER_SOCKET)
      for (let document = first; document < last; document++) client.send(document - first + 1, { kind: 'open', open: openFrame(`documents/bench-${document}`) })
    }
    await opened.promise
  }

  send(document: number): void {
    const session = this.#sessions[document]
    if (session === undefined) return
    const { session: id, clientId } = session.opened
    const operation = new OperationBuilder(session.version).retain(session.version).insert('x').build()
    this.#clients[Math.floor(document / PER_SOCKET)]?.send((document % PER_SOCKET) + 1, { kind: 'submit', submit: { session: id, clientId, seq: ++session.seq, baseVersion: session.version, operation } })
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close()
  }

  /** @returns whether the frame acknowledged an operation */
  #take(document: number, frame: ServerFrame): boolean {
    const session = this.#sessions[document]
    if (frame.kind === 'opened') this.#sessions[document] = { opened: frame.opened, version: frame.opened.head, seq: frame.opened.lastSeq }
    if (frame.kind === 'reject') throw new Error(`${frame.reject.error.reason}: ${frame.reject.error.message}`)
    if (frame.kind !== 'ack' || session === undefined) return false
    session.version = frame.ack.version
    return true
  }
}
