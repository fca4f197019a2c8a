import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { DocumentWriter } from './document-writer.ts'

const COLLECTION = 'documents'
const TYPE = 'http://sharejs.org/types/text-unicode'

interface Message {
  readonly a: string
  readonly d?: string
  readonly error?: { readonly message: string }
}

/** Speaks ShareDB's JSON protocol over one socket, without its client. */
export class ShareDbWriter implements DocumentWriter {
  readonly #url: string
  readonly #versions: number[] = []
  #socket: WebSocket | undefined
  #seq = 1

  constructor(url: string) {
    this.#url = url.replace('http', 'ws')
  }

  async open(documents: number, onAck: (document: number) => void): Promise<void> {
    const socket = new WebSocket(this.#url)
    this.#socket = socket
    const created = Promise.withResolvers<void>()
    let waiting = documents
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message
      if (message.error !== undefined) throw new Error(message.error.message)
      if (message.a === 'hs') for (let document = 0; document < documents; document++) this.#op(document, { create: { type: TYPE, data: '' } })
      if (message.a !== 'op') return
      const document = Number(message.d)
      this.#versions[document] = (this.#versions[document] ?? 0) + 1
      if (waiting > 0) {
        if (--waiting === 0) created.resolve()
      } else onAck(document)
    })
    await once(socket, 'open')
    socket.send(JSON.stringify({ a: 'hs', id: null, protocol: 1, protocolMinor: 2 }))
    await created.promise
  }

  send(document: number): void {
    const length = (this.#versions[document] ?? 1) - 1
    this.#op(document, { op: length === 0 ? ['x'] : [length, 'x'] })
  }

  async close(): Promise<void> {
    this.#socket?.terminate()
  }

  #op(document: number, edit: object): void {
    this.#socket?.send(JSON.stringify({ a: 'op', c: COLLECTION, d: String(document), v: this.#versions[document] ?? 0, seq: this.#seq++, x: {}, ...edit }))
  }
}
