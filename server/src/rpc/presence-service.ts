import type { PresenceService } from '@concord/proto'
import { type ClientPresence, idFromBigint, Malformed, presenceStateFromProto } from '@concord/protocol'
import type { ServiceImpl } from '@connectrpc/connect'
import { callerOf } from './call-info.ts'
import { malformed } from './channel.ts'
import type { EdgeServices } from './edge-services.ts'
import { WireFailure } from './wire-failure.ts'

/** The unary half of the service; its streams are served raw. */
export function presenceService({ presence }: EdgeServices): Partial<ServiceImpl<typeof PresenceService>> {
  return {
    updatePresence(request, context) {
      const message = said(request.state === undefined ? undefined : presenceStateFromProto(request.state))
      const refused = presence.update(callerOf(context), request.document, idFromBigint(request.clientId), message)
      if (refused !== undefined) throw new WireFailure(refused)
      return {}
    },
  }
}

function said(state: ReturnType<typeof presenceStateFromProto> | undefined): ClientPresence {
  if (state === undefined) return { kind: 'beat' }
  if (state instanceof Malformed) throw new WireFailure(malformed(state))
  return { kind: 'state', state }
}
