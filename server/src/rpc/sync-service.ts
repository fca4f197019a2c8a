import { OpenResponseSchema, SubmitResponseSchema, SyncService } from '@concord/proto'
import { create } from '@bufbuild/protobuf'
import { ackToProto, Malformed, openFromProto, serverFrameToProto, statusToProto, submitFromProto, type Opened, type WireError } from '@concord/protocol'
import type { ServiceImpl } from '@connectrpc/connect'
import { callerOf } from './call-info.ts'
import { isFailure, malformed } from './channel.ts'
import type { EdgeServices } from './edge-services.ts'
import { WireFailure } from './wire-failure.ts'

/** The unary half of the service; its streams are served raw. */
export function syncService({ sessions }: EdgeServices): Partial<ServiceImpl<typeof SyncService>> {
  return {
    async submit(request, context) {
      const submit = value(submitFromProto(request.submit))
      const decided = await sessions.submit(callerOf(context), request.document, submit)
      switch (decided.kind) {
        case 'ack':
          return create(SubmitResponseSchema, { decision: { case: 'ack', value: ackToProto(decided.ack) } })
        case 'reject':
          return create(SubmitResponseSchema, { decision: { case: 'reject', value: { seq: BigInt(decided.reject.seq), status: statusToProto(decided.reject.error) } } })
        case 'failure':
          throw new WireFailure(decided.error)
      }
    },

    async open(request, context) {
      const open = value(openFromProto(request.open))
      const handle = await sessions.open(callerOf(context), open, () => undefined)
      if (isFailure(handle)) throw new WireFailure(handle.error)
      const opened = openedOf(handle.pull(1))
      const ended = handle.ended
      handle.close()
      if (opened === undefined) throw new WireFailure(ended !== undefined && ended !== 'done' ? ended : NOT_OPENED)
      const frame = serverFrameToProto({ kind: 'opened', opened }).frame
      return create(OpenResponseSchema, frame.case === 'opened' ? { opened: frame.value } : {})
    },
  }
}

const NOT_OPENED: WireError = { reason: 'OUTCOME_UNKNOWN', message: 'the session was not opened: try again' }

function openedOf(frames: readonly { readonly value: { readonly kind: string } }[]): Opened | undefined {
  const [first] = frames
  return first?.value.kind === 'opened' ? (first.value as unknown as { readonly opened: Opened }).opened : undefined
}

function value<T>(read: T | Malformed): T {
  if (read instanceof Malformed) throw new WireFailure(malformed(read))
  return read
}
