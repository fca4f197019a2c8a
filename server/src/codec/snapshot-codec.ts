import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { OperationSchema } from '@concord/proto'
import { SnapshotStateSchema } from '@concord/proto/store'
import { type ClientId, decoding, idFromBigint, idToBigint, type Malformed, operationFromProto, operationToProto, required, safe } from '@concord/protocol'
import type { Operation } from '@concord/ot'
import type { EpochStart } from '../ports/index.ts'

/** Format number of what this file writes. */
export const SNAPSHOT_FORMAT = 1

/** What a snapshot keeps beside the content, as a value. */
export interface SnapshotState {
  readonly clients: readonly ClientEntry[]
  readonly users: readonly UserEntry[]
  readonly epochs: readonly EpochStart[]
}

/** Last commit of a client id (R7). */
export interface ClientEntry {
  readonly clientId: ClientId
  /** Ordinal of the user it is bound to (R12). */
  readonly userOrdinal: number
  readonly lastSeq: number
  /** Version of that commit. */
  readonly version: number
  /** Time of that commit, milliseconds since 1970 (R17). */
  readonly at: number
}

/** A user of the document and the first part of his tie keys (R13). */
export interface UserEntry {
  readonly userId: string
  /** From 1: the lowest key stays nobody's. */
  readonly ordinal: number
}

export function encodeSnapshotState(state: SnapshotState): Uint8Array {
  const message = create(SnapshotStateSchema, {
    clients: state.clients.map((entry) => ({
      clientId: idToBigint(entry.clientId),
      userOrdinal: entry.userOrdinal,
      lastSeq: BigInt(entry.lastSeq),
      version: BigInt(entry.version),
      at: BigInt(entry.at),
    })),
    users: state.users.map(({ userId, ordinal }) => ({ userId, ordinal })),
    epochs: state.epochs.map(({ epoch, version }) => ({ epoch: BigInt(epoch), version: BigInt(version) })),
  })
  return toBinary(SnapshotStateSchema, message)
}

/** Malformed bytes come back as a value: a bad snapshot is skipped and rebuilt from the log. */
export function decodeSnapshotState(bytes: Uint8Array): SnapshotState | Malformed {
  return decoding(() => {
    const message = fromBinary(SnapshotStateSchema, bytes)
    return {
      clients: message.clients.map((entry) => ({
        clientId: idFromBigint(entry.clientId),
        userOrdinal: entry.userOrdinal,
        lastSeq: safe(entry.lastSeq, 'clients.last_seq'),
        version: safe(entry.version, 'clients.version'),
        at: safe(entry.at, 'clients.at'),
      })),
      users: message.users.map(({ userId, ordinal }) => ({ userId, ordinal })),
      epochs: message.epochs.map(({ epoch, version }) => ({ epoch: safe(epoch, 'epochs.epoch'), version: safe(version, 'epochs.version') })),
    }
  })
}

/** A piece of content for the store. */
export function encodeContent(content: Operation): Uint8Array {
  return toBinary(OperationSchema, operationToProto(content))
}

export function decodeContent(bytes: Uint8Array): Operation | Malformed {
  return decoding(() => operationFromProto(required(fromBinary(OperationSchema, bytes), 'content')))
}

/** An operation as it was submitted, for the log's `submitted` column. */
export const encodeSubmitted = encodeContent
