import { fromBinary, toBinary } from '@bufbuild/protobuf'
import type { TieKey } from '@concord/ot'
import { ChangeSchema, type AckFrame, type Change as ChangeMessage } from '@concord/proto'
import type { Ack, Author, Change } from '../frames.ts'
import { NO_ID, idFromBigint, idToBigint, type ContentHash } from '../ids.ts'
import { DURABILITIES } from './enums.ts'
import { decoding, type Malformed, required, safe } from './malformed.ts'
import { operationFromProto, operationToProto } from './operation-codec.ts'

/** The tie key of everything an author inserts in this document (R13). */
export function authorKey(author: Author): TieKey {
  return { user: author.userOrdinal, client: author.clientId }
}

export function changeToProto(change: Change): ChangeMessage {
  const { userId, userOrdinal, clientId } = change.author
  return {
    $typeName: 'concord.v1.Change',
    version: BigInt(change.version),
    epoch: BigInt(change.epoch),
    author: { $typeName: 'concord.v1.Author', userId, userOrdinal, clientId: idToBigint(clientId) },
    operation: operationToProto(change.operation, authorKey(change.author)),
    at: BigInt(change.at),
    hash: idToBigint(change.hash ?? NO_ID),
  }
}

export function changeFromProto(message: ChangeMessage): Change {
  const { userId, userOrdinal, clientId } = required(message.author, 'change.author')
  const author: Author = { userId, userOrdinal, clientId: idFromBigint(clientId) }
  return {
    version: safe(message.version, 'change.version'),
    epoch: safe(message.epoch, 'change.epoch'),
    author,
    operation: operationFromProto(required(message.operation, 'change.operation'), authorKey(author)),
    at: safe(message.at, 'change.at'),
    ...optionalHash(message.hash),
  }
}

/** Bytes of `concord.v1.Change`: what the log keeps and what goes over the wire. */
export function encodeChange(change: Change): Uint8Array {
  return toBinary(ChangeSchema, changeToProto(change))
}

export function decodeChange(bytes: Uint8Array): Change | Malformed {
  return decoding(() => changeFromProto(fromBinary(ChangeSchema, bytes)))
}

export function ackToProto(ack: Ack): AckFrame {
  const message: AckFrame = {
    $typeName: 'concord.v1.AckFrame',
    seq: BigInt(ack.seq),
    version: BigInt(ack.version),
    epoch: BigInt(ack.epoch),
    durability: DURABILITIES.toProto(ack.durability),
    at: BigInt(ack.at),
    hash: idToBigint(ack.hash ?? NO_ID),
  }
  if (ack.operation !== undefined) message.operation = operationToProto(ack.operation)
  return message
}

export function ackFromProto(message: AckFrame): Ack {
  return {
    seq: safe(message.seq, 'ack.seq'),
    version: safe(message.version, 'ack.version'),
    epoch: safe(message.epoch, 'ack.epoch'),
    durability: DURABILITIES.fromProto(message.durability) ?? 'local',
    at: safe(message.at, 'ack.at'),
    ...(message.operation === undefined ? {} : { operation: operationFromProto(message.operation) }),
    ...optionalHash(message.hash),
  }
}

/** Zero on the wire means that no hash was sent. */
export function optionalHash(hash: bigint): { readonly hash?: ContentHash } {
  return hash === 0n ? {} : { hash: idFromBigint(hash) }
}
