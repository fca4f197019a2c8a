import { type Runtime, systemRuntime } from '@concord/runtime'
import { ConcordError } from './concord-error.ts'
import { Document } from './document.ts'
import type { ClientContext } from './document-link.ts'
import { DocumentsApi } from './documents-api.ts'
import { ReconnectGate } from './reconnect-gate.ts'
import { type Rules, RULES } from './session/rules.ts'
import { type BranchStorage, MemoryStorage } from './storage.ts'
import { TokenSource } from './token-source.ts'
import { defaultTransport } from './transport/default-transport.ts'
import type { Transport } from './transport/transport.ts'

/** What a transport is made from. */
export interface TransportContext {
  /** Without a slash at the end. */
  readonly url: string
  readonly token: () => Promise<string>
  readonly runtime: Runtime
}

export interface ConnectOptions {
  /** Where the server listens, as `http://127.0.0.1:7420`. */
  readonly url: string
  /** Asked at the start, before a token expires, and after one is refused. */
  readonly token: () => Promise<string>
  /** How frames travel; a WebSocket with a fallback when left out. */
  readonly transport?: (context: TransportContext) => Transport
  /** Where edits are kept until they are acknowledged; the client's memory when left out. */
  readonly storage?: BranchStorage
  /** Time, timers and randomness; the system's when left out. */
  readonly runtime?: Runtime
  /** Least time between submits of a document in milliseconds, 0 to 50; 0 when left out. */
  readonly paceMs?: number
  /** Edits closer than this many milliseconds are one step of undo; 500 when left out. */
  readonly undoGroupMs?: number
}

export interface OpenOptions {
  /** Gives up waiting; the promise of `open` rejects with its reason. */
  readonly signal?: AbortSignal
}

/** Everything a client shares: one connection, one token, any number of documents. */
export function connect(options: ConnectOptions): Client {
  return new Client(options, RULES)
}

/** Tests of the protocol switch single rules off; see `@concord/client/testing`. */
export function connectWithRules(options: ConnectOptions, rules: Rules): Client {
  return new Client(options, rules)
}

/** Made by {@link connect}. */
export class Client {
  /** Creates, lists, renames, deletes and shares documents. */
  readonly documents: DocumentsApi
  private readonly options: ConnectOptions
  private readonly rules: Rules
  private readonly context: ClientContext
  private readonly opened = new Map<string, Document>()
  private offline = false
  private closed = false

  constructor(options: ConnectOptions, rules: Rules) {
    const runtime = options.runtime ?? systemRuntime
    const url = options.url.replace(/\/+$/, '')
    const tokens = new TokenSource(options.token, runtime, (token) => this.refresh(token))
    const token = (): Promise<string> => tokens.get()
    this.options = options
    this.rules = rules
    this.documents = new DocumentsApi(url, tokens)
    this.context = {
      runtime,
      tokens,
      transport: (options.transport ?? defaultTransport)({ url, token, runtime }),
      gate: new ReconnectGate(runtime),
      storage: options.storage ?? new MemoryStorage(),
    }
  }

  /**
   * Opens a document. Resolves at once when the device has a copy, else when the document has arrived. Rejects with a
   * ConcordError when it does not exist or may not be read; while the server cannot be reached it waits. A document that is
   * open already is the same object.
   */
  async open(name: string, options: OpenOptions = {}): Promise<Document> {
    if (this.closed) throw new ConcordError({ reason: 'CLOSED', message: 'the client was closed' })
    const running = this.opened.get(name)
    if (running !== undefined) return this.whenReady(running, options)
    const stored = await this.context.storage.claim(name)
    const again = this.opened.get(name)
    if (again !== undefined) return this.whenReady(again, options)
    const { paceMs, undoGroupMs } = this.options
    const session = { rules: this.rules, ...(stored === undefined ? {} : { stored }), ...(paceMs === undefined ? {} : { paceMs }), ...(undoGroupMs === undefined ? {} : { undoGroupMs }) }
    const document = new Document(name, this.context, session, (gone) => this.forget(gone))
    this.opened.set(name, document)
    if (!this.offline) document.goOnline()
    return stored === undefined ? this.whenReady(document, options) : document
  }

  /** Stops talking to the server, for all documents; edits go on and wait. */
  goOffline(): void {
    this.offline = true
    for (const document of this.opened.values()) document.goOffline()
  }

  goOnline(): void {
    this.offline = false
    for (const document of this.opened.values()) document.goOnline()
    this.context.gate.hurry()
  }

  /** Closes every document and the connection. Edits that are not acknowledged stay in the storage. */
  async close(): Promise<void> {
    this.closed = true
    await Promise.all(Array.from(this.opened.values(), (document) => document.close()))
    this.context.tokens.stop()
    this.context.transport.close()
  }

  /** A document that ended by itself may have been opened anew before it is closed. */
  private forget(document: Document): void {
    if (this.opened.get(document.name) === document) this.opened.delete(document.name)
  }

  private refresh(token: string): void {
    for (const document of this.opened.values()) document.refresh(token)
  }

  /** A document that cannot be opened is not kept. */
  private async whenReady(document: Document, { signal }: OpenOptions): Promise<Document> {
    try {
      await (signal === undefined ? document.ready() : Promise.race([document.ready(), aborted(signal)]))
    } catch (error) {
      await document.close()
      throw error
    }
    return document
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason)
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail, { once: true })
  })
}
