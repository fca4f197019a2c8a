import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { ServerFrameSchema, SyncResponseSchema } from '@concord/proto'
import type { ServerFrame } from '../frames.ts'
import { encodeChange } from './change-codec.ts'
import { decoding, type Malformed } from './malformed.ts'
import { serverFrameFromProto, serverFrameToProto } from './server-frame-codec.ts'
import { varintLength, writeVarint } from './varint.ts'

/** Room in front of a message for the flags and the length that Connect, gRPC and gRPC-web share. */
export const ENVELOPE_BYTES = 5

/** Tag byte of field 1, length-delimited: `SyncResponse.frame`, `WatchResponse.frame` and `SocketServerMessage.frame`. */
const FRAME_TAG = 0x0a

/** Tag byte of `ServerFrame.change`. */
const CHANGE_TAG = 0x1a

/**
 * A server frame as enveloped `SyncResponse`, made in one buffer. A change is spliced in as the bytes that went into the
 * log, so that it is encoded once in its life.
 *
 * @param changeBytes the encoded change, when the frame is one and its bytes are at hand
 */
export function encodeEnvelopedServerFrame(frame: ServerFrame, changeBytes?: Uint8Array): Uint8Array {
  if (frame.kind === 'change') return envelope(changeBytes ?? encodeChange(frame.change), CHANGE_TAG)
  return envelope(toBinary(ServerFrameSchema, serverFrameToProto(frame)))
}

/** The frame of an encoded `SyncResponse`; `undefined` for a notice this build does not know. */
export function decodeServerMessage(bytes: Uint8Array): ServerFrame | Malformed | undefined {
  const frame = decoding(() => fromBinary(SyncResponseSchema, bytes).frame)
  return frame !== undefined && 'kind' in frame ? frame : serverFrameFromProto(frame)
}

function envelope(body: Uint8Array, innerTag?: number): Uint8Array {
  const innerHead = innerTag === undefined ? 0 : 1 + varintLength(body.length)
  const frameLength = innerHead + body.length
  const messageLength = 1 + varintLength(frameLength) + frameLength
  const bytes = new Uint8Array(ENVELOPE_BYTES + messageLength)
  new DataView(bytes.buffer).setUint32(1, messageLength)
  bytes[ENVELOPE_BYTES] = FRAME_TAG
  let at = writeVarint(bytes, ENVELOPE_BYTES + 1, frameLength)
  if (innerTag !== undefined) {
    bytes[at] = innerTag
    at = writeVarint(bytes, at + 1, body.length)
  }
  bytes.set(body, at)
  return bytes
}
