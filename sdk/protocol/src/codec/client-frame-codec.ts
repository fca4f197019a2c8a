import { create } from '@bufbuild/protobuf'
import { ClientFrameSchema, OpenFrameSchema, SubmitFrameSchema, type ClientFrame as ClientFrameMessage, type OpenFrame, type SubmitFrame } from '@concord/proto'
import type { ClientFrame, Open, Submit } from '../frames.ts'
import { idFromBigint, idToBigint } from '../ids.ts'
import { decoding, type Malformed, required, safe, stop } from './malformed.ts'
import { operationFromProto, operationToProto } from './operation-codec.ts'

export function clientFrameToProto(frame: ClientFrame): ClientFrameMessage {
  switch (frame.kind) {
    case 'open':
      return create(ClientFrameSchema, { frame: { case: 'open', value: openToProto(frame.open) } })
    case 'submit':
      return create(ClientFrameSchema, { frame: { case: 'submit', value: submitToProto(frame.submit) } })
    case 'progress':
      return create(ClientFrameSchema, {
        frame: { case: 'progress', value: { version: BigInt(frame.version), hash: frame.hash === undefined ? 0n : idToBigint(frame.hash) } },
      })
    case 'refresh':
      return create(ClientFrameSchema, { frame: { case: 'refresh', value: { token: frame.token } } })
  }
}

/** The frame of a message; operations are unchecked (`validate` judges them). */
export function clientFrameFromProto(message: ClientFrameMessage | undefined): ClientFrame | Malformed {
  return decoding(() => {
    const { frame } = required(message, 'frame')
    switch (frame.case) {
      case 'open':
        return { kind: 'open', open: openValue(frame.value) }
      case 'submit':
        return { kind: 'submit', submit: submitValue(frame.value) }
      case 'progress': {
        const version = safe(frame.value.version, 'progress.version')
        return frame.value.hash === 0n ? { kind: 'progress', version } : { kind: 'progress', version, hash: idFromBigint(frame.value.hash) }
      }
      case 'refresh':
        return { kind: 'refresh', token: frame.value.token }
      case undefined:
        return stop('frame', 'the frame is of no kind this server knows: use a newer server or an older SDK')
    }
  })
}

export function openToProto(open: Open): OpenFrame {
  return create(OpenFrameSchema, {
    document: open.document,
    clientId: open.clientId === undefined ? 0n : idToBigint(open.clientId),
    version: BigInt(open.version),
    epoch: BigInt(open.epoch),
    lastSeq: BigInt(open.lastSeq),
    sdk: open.sdk,
    features: [...open.features],
    snapshot: open.snapshot,
    algorithms: [...open.algorithms],
  })
}

export function openFromProto(message: OpenFrame | undefined): Open | Malformed {
  return decoding(() => openValue(required(message, 'open')))
}

function openValue(message: OpenFrame): Open {
  return {
    document: message.document,
    ...(message.clientId === 0n ? {} : { clientId: idFromBigint(message.clientId) }),
    version: safe(message.version, 'open.version'),
    epoch: safe(message.epoch, 'open.epoch'),
    lastSeq: safe(message.lastSeq, 'open.last_seq'),
    sdk: message.sdk,
    features: message.features,
    snapshot: message.snapshot,
    algorithms: message.algorithms,
  }
}

export function submitToProto(submit: Submit): SubmitFrame {
  return create(SubmitFrameSchema, {
    session: idToBigint(submit.session),
    clientId: idToBigint(submit.clientId),
    seq: BigInt(submit.seq),
    baseVersion: BigInt(submit.baseVersion),
    operation: operationToProto(submit.operation),
  })
}

export function submitFromProto(message: SubmitFrame | undefined): Submit | Malformed {
  return decoding(() => submitValue(required(message, 'submit')))
}

function submitValue(message: SubmitFrame): Submit {
  return {
    session: idFromBigint(message.session),
    clientId: idFromBigint(message.clientId),
    seq: safe(message.seq, 'submit.seq'),
    baseVersion: safe(message.baseVersion, 'submit.base_version'),
    operation: operationFromProto(required(message.operation, 'submit.operation')),
  }
}
