import { create, toBinary } from '@bufbuild/protobuf'
import { FollowResponseSchema } from '@concord/proto'
import { encodeSocketServerMessage, type Malformed, type ServerPresence, serverPresenceToProto, type WireError } from '@concord/protocol'
import type { OpenFailure, PresenceHandle } from '../core/carrier.ts'
import type { Identity } from '../ports/index.ts'

/** What a carrier writes: bytes made once, shared where the core shares them. */
export interface Outgoing {
  message(): Uint8Array
  /** The message behind its 5-byte prefix. */
  enveloped(): Uint8Array
}

/** One document session or one presence session as a carrier sees it; a SessionHandle is one as it stands. */
export interface Channel<In> {
  receive(message: In): void
  renew(identity: Identity): void
  pull(maxBytes: number): readonly Outgoing[]
  readonly ended: WireError | 'done' | undefined
  close(): void
}

/** What every client message kind has in common for a carrier. */
export type Incoming = { readonly kind: string } | { readonly kind: 'refresh'; readonly token: string }

/** Opens channels of one kind. */
export type Opener<In> = (identity: Identity, first: In, wake: () => void) => Promise<Channel<In> | OpenFailure | WireError>

export function malformed({ field, message }: Malformed): WireError {
  return { reason: 'FRAME_MALFORMED', message: message === '' ? 'not a message of this contract' : message, ...(field === '' ? {} : { field }) }
}

export function isFailure(opened: object): opened is OpenFailure {
  return 'kind' in opened && opened.kind === 'failure'
}

type EncodePresence = (presence: ServerPresence) => Uint8Array

/** `FollowResponse` and `WatchPresenceResponse` are the same bytes. */
export const presenceMessage: EncodePresence = (presence) => toBinary(FollowResponseSchema, create(FollowResponseSchema, { presence: serverPresenceToProto(presence) }))
export const presenceRecord: EncodePresence = (presence) => encodeSocketServerMessage({ kind: 'presence', presence })

/** A presence session as a channel. What is due differs by reader, so nothing is shared. */
export function presenceChannel(handle: PresenceHandle, encode: EncodePresence): Channel<Parameters<PresenceHandle['receive']>[0]> {
  return {
    receive: (message) => handle.receive(message),
    renew: (identity) => handle.renew(identity),
    pull: () => {
      const due = handle.pull()
      return due === undefined ? [] : [new Bytes(encode(due))]
    },
    get ended() {
      return handle.ended
    },
    close: () => handle.close(),
  }
}

/** A message that is not shared. */
export class Bytes implements Outgoing {
  readonly #message: Uint8Array

  constructor(message: Uint8Array) {
    this.#message = message
  }

  message(): Uint8Array {
    return this.#message
  }

  enveloped(): Uint8Array {
    return envelope(0, this.#message)
  }
}

/** Flags, length and payload, as Connect, gRPC and gRPC-web frame a message. */
export function envelope(flags: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(5 + payload.length)
  bytes[0] = flags
  new DataView(bytes.buffer).setUint32(1, payload.length)
  bytes.set(payload, 5)
  return bytes
}
