import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { SocketClientMessageSchema, SocketServerMessageSchema } from '@concord/proto'
import type { WireError } from '../errors.ts'
import type { ClientFrame, ClientPresence, ServerFrame, ServerPresence } from '../frames.ts'
import { clientFrameFromProto, clientFrameToProto } from './client-frame-codec.ts'
import { statusFromProto, statusToProto } from './error-codec.ts'
import { decoding, Malformed } from './malformed.ts'
import { clientPresenceFromProto, clientPresenceToProto, serverPresenceFromProto, serverPresenceToProto } from './presence-codec.ts'
import { serverFrameFromProto } from './server-frame-codec.ts'
import { readVarint, varintLength, writeVarint } from './varint.ts'

/** Subprotocol of `/v1/socket`. */
export const SOCKET_PROTOCOL = 'concord.v1'

/** The channel of the socket itself: hello, welcome, and the reason when it ends. */
export const SOCKET_CHANNEL = 0

/** What a client says in one record of a WebSocket message. */
export type SocketClientMessage =
  | { readonly kind: 'frame'; readonly frame: ClientFrame }
  | { readonly kind: 'presence'; readonly presence: ClientPresence }
  | { readonly kind: 'hello'; readonly token: string; readonly sdk: string }
  | { readonly kind: 'close' }

/** What the server says in one record. */
export type SocketServerMessage =
  | { readonly kind: 'frame'; readonly frame: ServerFrame }
  | { readonly kind: 'presence'; readonly presence: ServerPresence }
  | { readonly kind: 'welcome'; readonly userId: string }
  | { readonly kind: 'closed'; readonly error: WireError }

export interface SocketRecord {
  readonly channel: number
  readonly payload: Uint8Array
}

/** One WebSocket message of several records: channel, length, payload, each number an unsigned varint. */
export function packRecords(records: readonly SocketRecord[]): Uint8Array<ArrayBuffer> {
  let size = 0
  for (const { channel, payload } of records) size += varintLength(channel) + varintLength(payload.length) + payload.length
  const bytes = new Uint8Array(size)
  let at = 0
  for (const { channel, payload } of records) {
    at = writeVarint(bytes, writeVarint(bytes, at, channel), payload.length)
    bytes.set(payload, at)
    at += payload.length
  }
  return bytes
}

/** The records of a message; payloads are views into it. */
export function unpackRecords(bytes: Uint8Array): readonly SocketRecord[] | Malformed {
  const records: SocketRecord[] = []
  for (let at = 0; at < bytes.length; ) {
    const channel = readVarint(bytes, at)
    const length = channel && readVarint(bytes, channel.next)
    if (channel === undefined || length === undefined || length.next + length.value > bytes.length) {
      return new Malformed('record', 'a record of the socket is cut off')
    }
    records.push({ channel: channel.value, payload: bytes.subarray(length.next, length.next + length.value) })
    at = length.next + length.value
  }
  return records
}

export function encodeSocketClientMessage(message: SocketClientMessage): Uint8Array {
  switch (message.kind) {
    case 'frame':
      return toBinary(SocketClientMessageSchema, create(SocketClientMessageSchema, { message: { case: 'frame', value: clientFrameToProto(message.frame) } }))
    case 'presence':
      return toBinary(SocketClientMessageSchema, create(SocketClientMessageSchema, { message: { case: 'presence', value: clientPresenceToProto(message.presence) } }))
    case 'hello':
      return toBinary(SocketClientMessageSchema, create(SocketClientMessageSchema, { message: { case: 'hello', value: { token: message.token, sdk: message.sdk } } }))
    case 'close':
      return toBinary(SocketClientMessageSchema, create(SocketClientMessageSchema, { message: { case: 'close', value: {} } }))
  }
}

export function decodeSocketClientMessage(payload: Uint8Array): SocketClientMessage | Malformed {
  const decoded = decoding(() => fromBinary(SocketClientMessageSchema, payload).message)
  if (decoded instanceof Malformed) return decoded
  switch (decoded.case) {
    case 'frame': {
      const frame = clientFrameFromProto(decoded.value)
      return frame.kind === 'malformed' ? frame : { kind: 'frame', frame }
    }
    case 'presence': {
      const presence = clientPresenceFromProto(decoded.value)
      return presence.kind === 'malformed' ? presence : { kind: 'presence', presence }
    }
    case 'hello':
      return { kind: 'hello', token: decoded.value.token, sdk: decoded.value.sdk }
    case 'close':
      return { kind: 'close' }
    case undefined:
      return new Malformed('message', 'the record is of no kind this server knows')
  }
}

/** A record other than a frame; those come ready-made from the shared window. */
export function encodeSocketServerMessage(message: Exclude<SocketServerMessage, { kind: 'frame' }>): Uint8Array {
  switch (message.kind) {
    case 'presence':
      return toBinary(SocketServerMessageSchema, create(SocketServerMessageSchema, { message: { case: 'presence', value: serverPresenceToProto(message.presence) } }))
    case 'welcome':
      return toBinary(SocketServerMessageSchema, create(SocketServerMessageSchema, { message: { case: 'welcome', value: { userId: message.userId } } }))
    case 'closed':
      return toBinary(SocketServerMessageSchema, create(SocketServerMessageSchema, { message: { case: 'closed', value: statusToProto(message.error) } }))
  }
}

/** `undefined` for a message or notice this build does not know, which is skipped. */
export function decodeSocketServerMessage(payload: Uint8Array): SocketServerMessage | Malformed | undefined {
  const decoded = decoding(() => fromBinary(SocketServerMessageSchema, payload).message)
  if (decoded instanceof Malformed) return decoded
  switch (decoded.case) {
    case 'frame': {
      const frame = serverFrameFromProto(decoded.value)
      return frame === undefined || frame.kind === 'malformed' ? frame : { kind: 'frame', frame }
    }
    case 'presence': {
      const presence = serverPresenceFromProto(decoded.value)
      return presence instanceof Malformed ? presence : { kind: 'presence', presence }
    }
    case 'welcome':
      return { kind: 'welcome', userId: decoded.value.userId }
    case 'closed':
      return { kind: 'closed', error: statusFromProto(decoded.value) }
    case undefined:
      return undefined
  }
}
