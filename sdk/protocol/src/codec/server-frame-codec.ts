import { create } from '@bufbuild/protobuf'
import { Resume, ServerFrameSchema, type NoticeFrame, type OpenedFrame, type ServerFrame as ServerFrameMessage } from '@concord/proto'
import type { Notice, Opened, ServerFrame } from '../frames.ts'
import { NO_ID, idFromBigint, idToBigint } from '../ids.ts'
import { ackFromProto, ackToProto, changeFromProto, changeToProto, optionalHash } from './change-codec.ts'
import { DURABILITIES, RESYNC_REASONS, ROLES } from './enums.ts'
import { statusFromProto, statusToProto } from './error-codec.ts'
import { decoding, type Malformed, required, safe, stop } from './malformed.ts'
import { operationFromProto, operationToProto } from './operation-codec.ts'

export function serverFrameToProto(frame: ServerFrame): ServerFrameMessage {
  return create(ServerFrameSchema, { frame: frameInit(frame) })
}

function frameInit(frame: ServerFrame): ServerFrameMessage['frame'] {
  switch (frame.kind) {
    case 'opened':
      return { case: 'opened', value: openedToProto(frame.opened) }
    case 'change':
      return { case: 'change', value: changeToProto(frame.change) }
    case 'ack':
      return { case: 'ack', value: ackToProto(frame.ack) }
    case 'snapshot': {
      const { version, epoch, hash, offset, total, content } = frame.snapshot
      const value = { version: BigInt(version), epoch: BigInt(epoch), hash: idToBigint(hash), offset, total, content: operationToProto(content) }
      return { case: 'snapshot', value: { $typeName: 'concord.v1.SnapshotFrame', ...value } }
    }
    case 'reject':
      return { case: 'reject', value: { $typeName: 'concord.v1.RejectFrame', seq: BigInt(frame.reject.seq), status: statusToProto(frame.reject.error) } }
    case 'composed': {
      const { fromVersion, toVersion, epoch, operation, hash } = frame.composed
      const versions = { fromVersion: BigInt(fromVersion), toVersion: BigInt(toVersion), epoch: BigInt(epoch), hash: idToBigint(hash ?? NO_ID) }
      return { case: 'composed', value: { $typeName: 'concord.v1.ComposedFrame', ...versions, operation: operationToProto(operation) } }
    }
    case 'mark':
      return { case: 'mark', value: { $typeName: 'concord.v1.MarkFrame', version: BigInt(frame.version), hash: idToBigint(frame.hash) } }
    case 'notice':
      return { case: 'notice', value: { $typeName: 'concord.v1.NoticeFrame', notice: noticeToProto(frame.notice) } }
  }
}

/** The frame of a message; `undefined` for a kind of notice this build does not know, which is skipped. */
export function serverFrameFromProto(message: ServerFrameMessage | undefined): ServerFrame | Malformed | undefined {
  return decoding(() => frameValue(required(message, 'frame')))
}

function frameValue({ frame }: ServerFrameMessage): ServerFrame | undefined {
  switch (frame.case) {
    case 'opened':
      return { kind: 'opened', opened: openedFromProto(frame.value) }
    case 'change':
      return { kind: 'change', change: changeFromProto(frame.value) }
    case 'ack':
      return { kind: 'ack', ack: ackFromProto(frame.value) }
    case 'snapshot': {
      const { version, epoch, hash, offset, total, content } = frame.value
      const place = { version: safe(version, 'snapshot.version'), epoch: safe(epoch, 'snapshot.epoch') }
      return { kind: 'snapshot', snapshot: { ...place, hash: idFromBigint(hash), offset, total, content: operationFromProto(required(content, 'snapshot.content')) } }
    }
    case 'reject':
      return { kind: 'reject', reject: { seq: safe(frame.value.seq, 'reject.seq'), error: statusFromProto(required(frame.value.status, 'reject.status')) } }
    case 'composed': {
      const { fromVersion, toVersion, epoch, operation, hash } = frame.value
      const place = { fromVersion: safe(fromVersion, 'composed.from_version'), toVersion: safe(toVersion, 'composed.to_version'), epoch: safe(epoch, 'composed.epoch') }
      return { kind: 'composed', composed: { ...place, operation: operationFromProto(required(operation, 'composed.operation')), ...optionalHash(hash) } }
    }
    case 'mark':
      return { kind: 'mark', version: safe(frame.value.version, 'mark.version'), hash: idFromBigint(frame.value.hash) }
    case 'notice': {
      const notice = noticeFromProto(frame.value)
      return notice === undefined ? undefined : { kind: 'notice', notice }
    }
    case undefined:
      return stop('frame', 'the frame is of no kind this SDK knows: update the SDK')
  }
}

export function openedToProto(opened: Opened): OpenedFrame {
  return {
    $typeName: 'concord.v1.OpenedFrame',
    session: idToBigint(opened.session),
    clientId: idToBigint(opened.clientId),
    epoch: BigInt(opened.epoch),
    head: BigInt(opened.head),
    lastSeq: BigInt(opened.lastSeq),
    lastVersion: BigInt(opened.lastVersion),
    resume: opened.resume === 'changes' ? Resume.CHANGES : Resume.SNAPSHOT,
    reason: opened.reason === undefined ? 0 : RESYNC_REASONS.toProto(opened.reason),
    role: ROLES.toProto(opened.role),
    userOrdinal: opened.userOrdinal,
    durability: DURABILITIES.toProto(opened.durability),
    algorithm: opened.algorithm,
    documentType: opened.documentType,
    title: opened.title,
    submitWindow: opened.submitWindow,
    userId: opened.userId,
  }
}

export function openedFromProto(message: OpenedFrame): Opened {
  const reason = RESYNC_REASONS.fromProto(message.reason)
  return {
    session: idFromBigint(message.session),
    clientId: idFromBigint(message.clientId),
    epoch: safe(message.epoch, 'opened.epoch'),
    head: safe(message.head, 'opened.head'),
    lastSeq: safe(message.lastSeq, 'opened.last_seq'),
    lastVersion: safe(message.lastVersion, 'opened.last_version'),
    resume: message.resume === Resume.SNAPSHOT ? 'snapshot' : 'changes',
    ...(reason === undefined ? {} : { reason }),
    role: ROLES.fromProto(message.role) ?? 'viewer',
    userId: message.userId,
    userOrdinal: message.userOrdinal,
    durability: DURABILITIES.fromProto(message.durability) ?? 'local',
    algorithm: message.algorithm,
    documentType: message.documentType,
    title: message.title,
    submitWindow: message.submitWindow,
  }
}

function noticeToProto(notice: Notice): NoticeFrame['notice'] {
  switch (notice.kind) {
    case 'title':
      return { case: 'title', value: notice.title }
    case 'role':
      return { case: 'role', value: ROLES.toProto(notice.role) }
    case 'deleted':
      return { case: 'deleted', value: true }
    case 'drain':
      return { case: 'reconnectAfterMs', value: notice.reconnectAfterMs }
    case 'pace':
      return { case: 'paceMs', value: notice.paceMs }
    case 'degradation':
      return { case: 'degradation', value: notice.level }
  }
}

function noticeFromProto({ notice }: NoticeFrame): Notice | undefined {
  switch (notice.case) {
    case 'title':
      return { kind: 'title', title: notice.value }
    case 'role': {
      const role = ROLES.fromProto(notice.value)
      return role === undefined ? undefined : { kind: 'role', role }
    }
    case 'deleted':
      return { kind: 'deleted' }
    case 'reconnectAfterMs':
      return { kind: 'drain', reconnectAfterMs: notice.value }
    case 'paceMs':
      return { kind: 'pace', paceMs: notice.value }
    case 'degradation':
      return { kind: 'degradation', level: notice.value }
    case undefined:
      return undefined
  }
}
