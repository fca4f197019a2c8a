import { type ChannelCredentials, type Client, credentials, Metadata, type ServiceError as GrpcError } from '@grpc/grpc-js'
import type { LoggedOperation } from './gen/concord/v1/history.ts'
import { HistoryServiceClient } from './gen/concord/v1/history.ts'
import { type AckFrame, OpenFrame, type OpenedFrame, type ServerFrame, type SubmitFrame, SyncServiceClient } from './gen/concord/v1/sync.ts'
import { fromGrpc, fromReject } from './service-error.ts'

export interface ServiceOptions {
  /** `host:port`. */
  readonly address: string
  /** Asked before every call, so it may cache; the token of the service's own account. */
  readonly token: () => Promise<string>
  /** TLS unless the address is on this machine's loopback interface: `credentials.createInsecure()` then. */
  readonly channel?: ChannelCredentials
}

/** Where to begin: the defaults follow a document from its first version as a new client. */
export type OpenOptions = Partial<Omit<OpenFrame, 'document'>>

const SDK = 'concord-service/0.1.0'

/**
 * Service to service on grpc-js: open a session, submit operations, watch a document, read its log. The messages are
 * those of `proto/concord/v1` as plain objects. It holds no document and rebases nothing: a submit is made against the
 * head that `open` or the last ack named, and one that comes too late is transformed by the server.
 */
export class ServiceClient {
  readonly #sync: SyncServiceClient
  readonly #history: HistoryServiceClient
  readonly #token: () => Promise<string>

  constructor({ address, token, channel = credentials.createSsl() }: ServiceOptions) {
    this.#token = token
    this.#sync = new SyncServiceClient(address, channel)
    this.#history = new HistoryServiceClient(address, channel)
  }

  /** Starts a session without following it; voids an earlier one of the same client id (R2). @throws ServiceError */
  async open(document: string, options: OpenOptions = {}): Promise<OpenedFrame> {
    const metadata = await this.#metadata()
    const { opened } = await unary<{ opened?: OpenedFrame | undefined }>((done) => this.#sync.open({ open: openFrame(document, options) }, metadata, done))
    if (opened === undefined) throw new Error('the answer to open holds no session')
    return opened
  }

  /** Resolves once the operation is durable. A retry with the same bytes is safe (R7, R8). @throws ServiceError when it was refused */
  async submit(document: string, submit: SubmitFrame): Promise<AckFrame> {
    const metadata = await this.#metadata()
    const { decision } = await unary<{ decision?: { $case: 'ack'; value: AckFrame } | { $case: 'reject'; value: { status?: Parameters<typeof fromReject>[0] } } | undefined }>((done) =>
      this.#sync.submit({ document, submit }, metadata, done),
    )
    if (decision?.$case === 'ack') return decision.value
    throw fromReject(decision?.value.status)
  }

  /** Every frame of a session, `opened` first, until the signal aborts. Reads no further than the caller does. @throws ServiceError */
  async *watch(document: string, signal: AbortSignal, options: OpenOptions = {}): AsyncGenerator<ServerFrame> {
    const call = this.#sync.watch({ open: openFrame(document, options) }, await this.#metadata())
    const cancel = (): void => call.cancel()
    signal.addEventListener('abort', cancel)
    try {
      for await (const { frame } of call as AsyncIterable<{ readonly frame?: ServerFrame }>) if (frame !== undefined) yield frame
    } catch (error) {
      if (!signal.aborted) throw fromGrpc(error)
    } finally {
      signal.removeEventListener('abort', cancel)
      call.cancel()
    }
  }

  /** The log after a version, page by page, to the head. @throws ServiceError */
  async *operations(document: string, after = 0): AsyncGenerator<LoggedOperation> {
    for (let pageToken = ''; ; ) {
      const metadata = await this.#metadata()
      const request = { document, after: BigInt(after), pageSize: 1_000, pageToken }
      const page = await unary<{ operations: LoggedOperation[]; nextPageToken: string }>((done) => this.#history.listOperations(request, metadata, done))
      yield* page.operations
      pageToken = page.nextPageToken
      if (pageToken === '') return
    }
  }

  close(): void {
    for (const client of [this.#sync, this.#history] satisfies Client[]) client.close()
  }

  async #metadata(): Promise<Metadata> {
    const metadata = new Metadata()
    metadata.set('authorization', `Bearer ${await this.#token()}`)
    return metadata
  }
}

function openFrame(document: string, options: OpenOptions): OpenFrame {
  return OpenFrame.fromPartial({ document, sdk: SDK, ...options })
}

/** A call with a callback as a promise of its answer. */
function unary<T>(call: (done: (error: GrpcError | null, answer: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, answer) => (error === null ? resolve(answer) : reject(fromGrpc(error))))
  })
}
