import type { ClientFrame, ClientPresence, Open, ServerFrame, ServerPresence, WireError } from '@concord/protocol'
import type { Runtime } from '@concord/runtime'
import { ConcordError, unreachable } from '../concord-error.ts'
import type { Channel, ChannelHandler, PresenceOpen, Transport } from './transport.ts'

/** A server inside the same process, as its carriers see it, with the caller's identity already bound. */
export interface MemoryServer {
  openSession(open: Open, wake: () => void): Promise<MemorySession | MemoryFailure>
  openPresence?(open: PresenceOpen, wake: () => void): Promise<MemoryPresence | MemoryFailure>
}

export interface MemoryFailure {
  readonly kind: 'failure'
  readonly error: WireError
}

export interface MemorySession {
  readonly kind: 'session'
  receive(frame: ClientFrame): void
  pull(maxBytes: number): readonly { readonly value: ServerFrame }[]
  readonly ended: WireError | 'done' | undefined
  close(): void
}

export interface MemoryPresence {
  readonly kind: 'presence'
  receive(message: ClientPresence): void
  pull(): ServerPresence | undefined
  readonly ended: WireError | 'done' | undefined
  close(): void
}

interface MemoryHandle<In, Out> {
  receive(message: Out): void
  pull(): readonly In[]
  readonly ended: WireError | 'done' | undefined
  close(): void
}

const PULL_BYTES = 64 * 1024

/** Carries frame values to a server in the same process, without making bytes: tests, examples, simulation. */
export class MemoryTransport implements Transport {
  private readonly server: MemoryServer
  private readonly runtime: Runtime
  private readonly channels = new Set<MemoryChannel<never, never>>()

  constructor(server: MemoryServer, runtime: Runtime) {
    this.server = server
    this.runtime = runtime
  }

  openSession(open: Open, handler: ChannelHandler<ServerFrame>): Channel<ClientFrame> {
    return this.open(handler, async (wake) => {
      const opened = await this.server.openSession(open, wake)
      if (opened.kind === 'failure') return opened
      return adapt<ServerFrame, ClientFrame>(opened, () => opened.pull(PULL_BYTES).map((frame) => frame.value))
    })
  }

  openPresence(open: PresenceOpen, handler: ChannelHandler<ServerPresence>): Channel<ClientPresence> {
    return this.open(handler, async (wake) => {
      const opened = await this.server.openPresence?.(open, wake)
      if (opened === undefined) return { kind: 'failure', error: { reason: 'NOT_SERVED', message: 'this server has no presence' } }
      if (opened.kind === 'failure') return opened
      return adapt<ServerPresence, ClientPresence>(opened, () => {
        const update = opened.pull()
        return update === undefined ? [] : [update]
      })
    })
  }

  close(): void {
    for (const channel of this.channels) channel.close()
  }

  /** Breaks every channel, as a cut cable does. */
  cut(): void {
    for (const channel of [...this.channels]) channel.end(unreachable('the connection was cut'))
  }

  private open<In, Out>(handler: ChannelHandler<In>, connect: (wake: () => void) => Promise<MemoryHandle<In, Out> | MemoryFailure>): Channel<Out> {
    const channel = new MemoryChannel<In, Out>(this.runtime, handler, () => this.channels.delete(channel as never))
    this.channels.add(channel as never)
    void channel.connect(connect)
    return channel
  }
}

function adapt<In, Out>(handle: { receive(message: Out): void; readonly ended: WireError | 'done' | undefined; close(): void }, pull: () => readonly In[]): MemoryHandle<In, Out> {
  return {
    receive: (message) => handle.receive(message),
    pull,
    get ended() {
      return handle.ended
    },
    close: () => handle.close(),
  }
}

class MemoryChannel<In, Out> implements Channel<Out> {
  private readonly runtime: Runtime
  private readonly handler: ChannelHandler<In>
  private readonly forget: () => void
  private handle: MemoryHandle<In, Out> | undefined
  private early: Out[] = []
  private over = false
  private pulling = false

  constructor(runtime: Runtime, handler: ChannelHandler<In>, forget: () => void) {
    this.runtime = runtime
    this.handler = handler
    this.forget = forget
  }

  async connect(connect: (wake: () => void) => Promise<MemoryHandle<In, Out> | MemoryFailure>): Promise<void> {
    const handle = await connect(() => this.wake())
    if ('kind' in handle) return this.end(new ConcordError(handle.error))
    if (this.over) return handle.close()
    this.handle = handle
    for (const message of this.early) handle.receive(message)
    this.early = []
    this.wake()
  }

  send(message: Out): void {
    if (this.over) return
    if (this.handle === undefined) this.early.push(message)
    else this.handle.receive(message)
  }

  close(): void {
    if (this.over) return
    this.over = true
    this.handle?.close()
    this.forget()
  }

  end(error: ConcordError): void {
    if (this.over) return
    this.close()
    this.handler.ended(error)
  }

  private wake(): void {
    if (this.pulling || this.over) return
    this.pulling = true
    this.runtime.timers.soon(() => this.deliver())
  }

  private deliver(): void {
    this.pulling = false
    if (this.over || this.handle === undefined) return
    const messages = this.handle.pull()
    for (const message of messages) if (!this.over) this.handler.message(message)
    if (this.over) return
    const ended = this.handle.ended
    if (messages.length > 0) this.wake()
    else if (ended !== undefined) this.end(ended === 'done' ? unreachable('the server closed the session') : new ConcordError(ended))
  }
}
