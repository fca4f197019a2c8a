import type { ConcordError } from '@concord/client'
import type { WireError } from '@concord/protocol'
import type { Conditions } from './conditions.ts'

/** TLS hands over nothing before a record is complete, and a record holds this much. */
export const RECORD_BYTES = 16 * 1024

/** A message of the server that is due, as value and as bytes; bytes are made when somebody asks. */
export interface Due<In> {
  readonly value: In
  message(): Uint8Array
  enveloped(): Uint8Array
}

/** Puts something on a path. */
export interface Carrier {
  readonly conditions: Conditions
  /** Whether sizes matter: nobody needs to know them otherwise. */
  readonly counts: boolean
  /** @param isFresh a delay of its own even when something else leaves at this instant */
  send(arrive: () => void, bytes: number, isFresh?: boolean): void
}

/** What comes out at the server's end. */
export interface Upstream<Out> {
  message(message: Out): void
  /** What came is no message; the stream ends with this. */
  failed(error: WireError): void
}

/** What comes out at the client's end. */
export interface Downstream<In> {
  received(message: In, bytes: number): void
  ended(error: ConcordError): void
}

/** How the messages of one channel travel at one level of fidelity. */
export interface Line<In, Out> {
  /** Returns the bytes that leave; 0 when nobody counts. */
  up(message: Out, carrier: Carrier, upstream: Upstream<Out>): number
  /** What a repeated message is at the server: it comes apart from the others. */
  again(message: Out, upstream: Upstream<Out>): void
  /** Everything that leaves in one write. */
  down(due: readonly Due<In>[], carrier: Carrier, downstream: Downstream<In>): void
  end(error: WireError | 'done', carrier: Carrier, downstream: Downstream<In>): void
}
