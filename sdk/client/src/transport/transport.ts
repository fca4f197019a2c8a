import type { ClientFrame, ClientPresence, Open, ServerFrame, ServerPresence } from '@concord/protocol'
import type { ConcordError } from '../concord-error.ts'

/**
 * The seam between a session and what carries it. A transport makes channels; a session neither knows nor cares whether
 * they are streams, records on one socket, or messages inside a process.
 */
export interface Transport {
  /** Opens a document session (R2). The channel delivers what the server says to `open`, then everything after it. */
  openSession(open: Open, handler: ChannelHandler<ServerFrame>): Channel<ClientFrame>
  /** Opens a presence session. */
  openPresence(open: PresenceOpen, handler: ChannelHandler<ServerPresence>): Channel<ClientPresence>
  /** Closes everything it opened; no handler is called after it. */
  close(): void
}

export type PresenceOpen = Extract<ClientPresence, { kind: 'open' }>

/** One way up. */
export interface Channel<Out> {
  /** Never throws and never waits; after the end it does nothing. */
  send(message: Out): void
  /** Ends the channel without a call of `ended`. Idempotent. */
  close(): void
}

/** The other way. Nothing is called before the call that opened the channel has returned. */
export interface ChannelHandler<In> {
  message(message: In): void
  /** The channel ended by itself: at most once, and last. */
  ended(error: ConcordError): void
}
