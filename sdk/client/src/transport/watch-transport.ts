import { type Client as ConnectClient, createClient, type Transport as Calls } from '@connectrpc/connect'
import { create } from '@bufbuild/protobuf'
import { PresenceService, ServerFrameSchema, SyncService } from '@concord/proto'
import {
  type ClientFrame,
  type ClientPresence,
  clientPresenceToProto,
  idToBigint,
  type Open,
  openToProto,
  type PresenceState,
  presenceStateToProto,
  type ServerFrame,
  serverFrameFromProto,
  type ServerPresence,
  serverPresenceFromProto,
  type Submit,
  submitToProto,
} from '@concord/protocol'
import type { Runtime } from '@concord/runtime'
import type { ConcordError } from '../concord-error.ts'
import { errorOf } from '../unary.ts'
import { OpenChannels, responseChannel } from './response-channel.ts'
import type { Channel, ChannelHandler, PresenceOpen, Transport } from './transport.ts'

/** A call whose answer got lost is repeated after this, a submit byte for byte; in milliseconds. */
const REPEAT_MS = 500

/**
 * Watch and Submit: a server stream down, unary calls up. For places where sockets are blocked. The version moves by the
 * stream alone; the answer to a submit only stops repeating it, or says that it was refused (R1, R9).
 */
export class WatchTransport implements Transport {
  private readonly sync: ConnectClient<typeof SyncService>
  private readonly presence: ConnectClient<typeof PresenceService>
  private readonly runtime: Runtime
  private readonly channels = new OpenChannels()

  /** @param calls made of the token's interceptor, so that every call carries the newest token */
  constructor(calls: Calls, runtime: Runtime) {
    this.sync = createClient(SyncService, calls)
    this.presence = createClient(PresenceService, calls)
    this.runtime = runtime
  }

  openSession(open: Open, handler: ChannelHandler<ServerFrame>): Channel<ClientFrame> {
    return responseChannel<{ readonly frame?: Parameters<typeof serverFrameFromProto>[0] }, ServerFrame, ClientFrame>(
      (signal) => this.sync.watch({ open: openToProto(open) }, { signal }),
      (message) => serverFrameFromProto(message.frame),
      handler,
      this.channels,
      (end, deliver) => {
        const submitting = new Submitting(this.sync, open.document, this.runtime, end, deliver)
        return { send: (frame) => frame.kind === 'submit' && submitting.submit(frame.submit), end: () => submitting.stop() }
      },
    )
  }

  openPresence(open: PresenceOpen, handler: ChannelHandler<ServerPresence>): Channel<ClientPresence> {
    const { document, clientId } = open
    const opened = clientPresenceToProto(open).message
    if (opened.case !== 'open') throw new Error('the message that opens presence is no open')
    return responseChannel<{ readonly presence?: Parameters<typeof serverPresenceFromProto>[0] }, ServerPresence, ClientPresence>(
      (signal) => this.presence.watchPresence({ open: opened.value }, { signal }),
      (message) => serverPresenceFromProto(message.presence),
      handler,
      this.channels,
      () => {
        const updating = new Updating(this.presence, document, idToBigint(clientId), this.runtime)
        return { send: (message) => updating.send(message), end: () => updating.stop() }
      },
    )
  }

  close(): void {
    this.channels.closeAll()
  }
}

/**
 * The submits of one session: repeated with the same bytes until they are decided, or the session is over (R3, R8). One is in
 * flight: whoever submits the next knows what became of the one before, and a late answer to that says nothing any more.
 */
class Submitting {
  private readonly sync: ConnectClient<typeof SyncService>
  private readonly document: string
  private readonly runtime: Runtime
  private readonly end: (error: ConcordError) => void
  private readonly deliver: (frame: ServerFrame) => void
  private stopped = false
  private latest: Submit | undefined

  constructor(sync: ConnectClient<typeof SyncService>, document: string, runtime: Runtime, end: (error: ConcordError) => void, deliver: (frame: ServerFrame) => void) {
    this.sync = sync
    this.document = document
    this.runtime = runtime
    this.end = end
    this.deliver = deliver
  }

  submit(submit: Submit): void {
    const request = { document: this.document, submit: submitToProto(submit) }
    this.latest = submit
    const isOver = (): boolean => this.stopped || this.latest !== submit
    const attempt = async (): Promise<void> => {
      if (isOver()) return
      try {
        const { decision } = await this.sync.submit(request)
        if (decision.case !== 'reject') return
        const frame = serverFrameFromProto(create(ServerFrameSchema, { frame: decision }))
        if (frame?.kind === 'reject') this.deliver(frame)
      } catch (thrown) {
        if (!isOver()) this.failed(errorOf(thrown), attempt)
      }
    }
    void attempt()
  }

  stop(): void {
    this.stopped = true
  }

  private failed(error: ConcordError, again: () => Promise<void>): void {
    if (error.advice === 'retry' || error.reason === 'OUTCOME_UNKNOWN') this.runtime.timers.set(error.retryAfterMs ?? REPEAT_MS, () => void again())
    else this.end(error)
  }
}

/**
 * The state of one presence channel: one call at a time, so that an older state never lands after a newer one. What does
 * not get through, as before the watch has begun, is repeated with the newest state there is.
 */
class Updating {
  private readonly presence: ConnectClient<typeof PresenceService>
  private readonly document: string
  private readonly clientId: bigint
  private readonly runtime: Runtime
  private unsent: { readonly state?: PresenceState } | undefined
  private calling = false
  private stopped = false

  constructor(presence: ConnectClient<typeof PresenceService>, document: string, clientId: bigint, runtime: Runtime) {
    this.presence = presence
    this.document = document
    this.clientId = clientId
    this.runtime = runtime
  }

  send(message: ClientPresence): void {
    if (message.kind === 'state') this.unsent = { state: message.state }
    else if (message.kind === 'beat') this.unsent ??= {}
    if (!this.calling) void this.call()
  }

  stop(): void {
    this.stopped = true
  }

  private async call(): Promise<void> {
    const update = this.unsent
    if (this.stopped || update === undefined) return
    this.calling = true
    this.unsent = undefined
    const { document, clientId } = this
    try {
      await this.presence.updatePresence({ document, clientId, ...(update.state === undefined ? {} : { state: presenceStateToProto(update.state) }) })
      this.calling = false
      void this.call()
    } catch {
      this.keep(update)
      this.runtime.timers.set(REPEAT_MS, () => {
        this.calling = false
        void this.call()
      })
    }
  }

  /** A newer state replaces this one; a watch that is over says so itself. */
  private keep(update: { readonly state?: PresenceState }): void {
    if (this.unsent?.state === undefined) this.unsent = update
  }
}
