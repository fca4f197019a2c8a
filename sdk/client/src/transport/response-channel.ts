import { Malformed } from '@concord/protocol'
import { ConcordError, unreachable } from '../concord-error.ts'
import { errorOf } from '../unary.ts'
import type { Channel, ChannelHandler } from './transport.ts'

/** What a streaming call needs of its channel. */
export interface Upstream<Out> {
  /** Called for each message of the client while the channel is open. */
  send(message: Out): void
  /** The channel is over. */
  end?(): void
}

/** The channels that are open, to close them all; each leaves by itself when it is over. */
export class OpenChannels {
  private readonly closers = new Set<() => void>()

  add(close: () => void): void {
    this.closers.add(close)
  }

  delete(close: () => void): void {
    this.closers.delete(close)
  }

  closeAll(): void {
    for (const close of this.closers) close()
  }
}

/**
 * The channel of one streaming call. It ends by the signal: leaving the loop over the responses would not cancel the call.
 *
 * @param call starts the call with the signal it must obey
 * @param decode undefined for a message this build does not know, which is skipped
 */
export function responseChannel<Message, In, Out>(
  call: (signal: AbortSignal) => AsyncIterable<Message>,
  decode: (message: Message) => In | Malformed | undefined,
  handler: ChannelHandler<In>,
  channels: OpenChannels,
  upstream: (end: (error: ConcordError) => void, deliver: (message: In) => void) => Upstream<Out>,
): Channel<Out> {
  const abort = new AbortController()
  let over = false
  const end = (error: ConcordError): void => {
    if (over) return
    close()
    handler.ended(error)
  }
  const deliver = (message: In): void => {
    if (!over) handler.message(message)
  }
  const up = upstream(end, deliver)
  const close = (): void => {
    if (over) return
    over = true
    channels.delete(close)
    up.end?.()
    abort.abort()
  }
  channels.add(close)
  void follow(call, abort.signal, decode, deliver, end)
  return {
    send: (message) => {
      if (!over) up.send(message)
    },
    close,
  }
}

async function follow<Message, In>(
  call: (signal: AbortSignal) => AsyncIterable<Message>,
  signal: AbortSignal,
  decode: (message: Message) => In | Malformed | undefined,
  deliver: (message: In) => void,
  end: (error: ConcordError) => void,
): Promise<void> {
  try {
    // A channel may not end before the call that opened it has returned.
    await Promise.resolve()
    for await (const message of call(signal)) {
      const decoded = decode(message)
      if (decoded === undefined) continue
      if (decoded instanceof Malformed) return end(unreachable(`the server sent a malformed message: ${decoded.message}`))
      deliver(decoded)
    }
    end(unreachable('the server ended the stream'))
  } catch (error) {
    end(errorOf(error))
  }
}
