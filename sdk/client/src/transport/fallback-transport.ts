import type { ClientFrame, ClientPresence, Open, ServerFrame, ServerPresence } from '@concord/protocol'
import type { Runtime, TimerHandle } from '@concord/runtime'
import { unreachable } from '../concord-error.ts'
import type { Channel, ChannelHandler, PresenceOpen, Transport } from './transport.ts'

/** While the second way is in use, the first is tried again this often, in milliseconds. */
const PROBE_MS = 60_000

/** Failures in a row before a way that has worked counts as blocked; one that never has counts at once. */
const PATIENCE = 3

/** Channels of one connection fail together: what follows within this time is the same failure, in milliseconds. */
const TOGETHER_MS = 50

/** A transport that tells whether it gets through. */
export interface Provable extends Transport {
  /** A connection is up now. */
  readonly isUp: boolean
  /** Called when a connection of this transport turns out to work. */
  onWorking: () => void
  /** Tries to connect without a channel; resolves with whether it worked. */
  probe(): Promise<boolean>
}

/**
 * Goes the first way while it works, else the second: where sockets are blocked, streams and calls over plain HTTP still
 * pass. Failing on both ways it takes turns, because then nobody knows which is blocked. Changing the way is an ordinary
 * `open` (R2), so a session need not know.
 */
export class FallbackTransport implements Transport {
  private readonly first: Provable
  private readonly makeSecond: () => Promise<Transport>
  private readonly runtime: Runtime
  private second: Promise<Transport> | undefined
  private useSecond = false
  /** Connections of the first way that worked. */
  private worked = 0
  private failures = 0
  private failedAt = -Infinity
  private readonly onSecond = new Set<(error: ReturnType<typeof unreachable>) => void>()
  private timer: TimerHandle | undefined
  private closed = false

  constructor(first: Provable, makeSecond: () => Promise<Transport>, runtime: Runtime) {
    this.first = first
    this.makeSecond = makeSecond
    this.runtime = runtime
    first.onWorking = () => {
      this.worked++
      this.failures = 0
    }
  }

  openSession(open: Open, handler: ChannelHandler<ServerFrame>): Channel<ClientFrame> {
    return this.open(handler, (transport, wrapped) => transport.openSession(open, wrapped))
  }

  openPresence(open: PresenceOpen, handler: ChannelHandler<ServerPresence>): Channel<ClientPresence> {
    return this.open(handler, (transport, wrapped) => transport.openPresence(open, wrapped))
  }

  close(): void {
    this.closed = true
    if (this.timer !== undefined) this.runtime.timers.clear(this.timer)
    this.first.close()
    void this.second?.then((transport) => transport.close())
  }

  private open<In, Out>(handler: ChannelHandler<In>, openOn: (transport: Transport, handler: ChannelHandler<In>) => Channel<Out>): Channel<Out> {
    return this.useSecond ? this.openSecond(handler, openOn) : this.openFirst(handler, openOn)
  }

  private openFirst<In, Out>(handler: ChannelHandler<In>, openOn: (transport: Transport, handler: ChannelHandler<In>) => Channel<Out>): Channel<Out> {
    const before = this.first.isUp ? -1 : this.worked
    return openOn(this.first, {
      message: (message) => handler.message(message),
      ended: (error) => {
        if (error.reason === 'UNREACHABLE' && this.worked === before) this.firstFailed()
        handler.ended(error)
      },
    })
  }

  /** A connection that never came up. A server that restarts looks the same for a while, so a way that has worked is given more than one chance. */
  private firstFailed(): void {
    const now = this.runtime.clock.monotonic()
    if (now - this.failedAt < TOGETHER_MS) return
    this.failedAt = now
    if (++this.failures < (this.worked > 0 ? PATIENCE : 1)) return
    this.failures = 0
    this.useSecond = true
  }

  private openSecond<In, Out>(handler: ChannelHandler<In>, openOn: (transport: Transport, handler: ChannelHandler<In>) => Channel<Out>): Channel<Out> {
    let channel: Channel<Out> | undefined
    let over = false
    let early: Out[] = []
    const leave = (error: ReturnType<typeof unreachable>): void => {
      if (over) return
      close()
      handler.ended(error)
    }
    const close = (): void => {
      over = true
      this.onSecond.delete(leave)
      channel?.close()
    }
    const listening: ChannelHandler<In> = {
      message: (message) => {
        if (over) return
        this.onSecond.add(leave)
        this.scheduleProbe()
        handler.message(message)
      },
      ended: (error) => {
        if (over) return
        if (!this.onSecond.has(leave) && error.reason === 'UNREACHABLE') this.useSecond = false
        over = true
        this.onSecond.delete(leave)
        handler.ended(error)
      },
    }
    const start = async (): Promise<void> => {
      const transport = await (this.second ??= this.makeSecond())
      if (over) return
      channel = openOn(transport, listening)
      for (const message of early) channel.send(message)
      early = []
    }
    start().catch((error: unknown) => {
      // The server that would send the code is the one that cannot be reached: the first way has its turn, then this one again.
      this.second = undefined
      this.useSecond = false
      leave(unreachable('the code for the second way could not be loaded', error))
    })
    return {
      send: (message) => {
        if (channel === undefined) early.push(message)
        else channel.send(message)
      },
      close,
    }
  }

  private scheduleProbe(): void {
    if (this.timer !== undefined || this.closed) return
    this.timer = this.runtime.timers.set(PROBE_MS, () => {
      this.timer = undefined
      void this.probe()
    })
  }

  /** When the first way works again, every channel of the second one opens again over it. */
  private async probe(): Promise<void> {
    if (!(await this.first.probe())) {
      if (this.onSecond.size > 0) this.scheduleProbe()
      return
    }
    if (this.closed) return
    this.useSecond = false
    for (const leave of [...this.onSecond]) leave(unreachable('the socket works again: changing over'))
  }
}
