import { PresenceService, SyncService } from '@concord/proto'
import { clientFrameFromProto, type ClientFrame, type ClientPresence, clientPresenceFromProto, openFromProto, presenceOpenFromProto } from '@concord/protocol'
import type { PresenceHub, SessionHub } from '../core/carrier.ts'
import { type Opener, presenceChannel, presenceMessage } from './channel.ts'
import type { StreamMethod } from './raw-stream.ts'
import type { MessageReading } from './read-messages.ts'

export function openSession(hub: SessionHub): Opener<ClientFrame> {
  return async (identity, first, wake) => {
    if (first.kind !== 'open') return { reason: 'FRAME_MALFORMED', message: `the first frame must be open, not ${first.kind}`, field: 'frame' }
    return hub.open(identity, first.open, wake)
  }
}

export function openPresence(hub: PresenceHub, encode = presenceMessage): Opener<ClientPresence> {
  return async (identity, first, wake) => {
    if (first.kind !== 'open') return { reason: 'FRAME_MALFORMED', message: `the first message must be open, not ${first.kind}`, field: 'presence' }
    const opened = await hub.open(identity, first, wake)
    return opened.kind === 'failure' ? opened : presenceChannel(opened, encode)
  }
}

/** What a client says on `Sync`. */
export const SYNC: MessageReading<typeof SyncService.method.sync, ClientFrame> = {
  method: SyncService.method.sync,
  read: (message) => clientFrameFromProto(message.frame),
}

/** What a client says on `Follow`. */
export const FOLLOW: MessageReading<typeof PresenceService.method.follow, ClientPresence> = {
  method: PresenceService.method.follow,
  read: (message) => clientPresenceFromProto(message.presence),
}

export function syncMethod(hub: SessionHub): StreamMethod<typeof SyncService.method.sync, ClientFrame> {
  return { ...SYNC, open: openSession(hub), notices: true }
}

export function watchMethod(hub: SessionHub): StreamMethod<typeof SyncService.method.watch, ClientFrame> {
  return {
    method: SyncService.method.watch,
    read: (message) => {
      const open = openFromProto(message.open)
      return 'kind' in open ? open : { kind: 'open', open }
    },
    open: openSession(hub),
    notices: true,
  }
}

export function followMethod(hub: PresenceHub): StreamMethod<typeof PresenceService.method.follow, ClientPresence> {
  return { ...FOLLOW, open: openPresence(hub), notices: false }
}

export function watchPresenceMethod(hub: PresenceHub): StreamMethod<typeof PresenceService.method.watchPresence, ClientPresence> {
  return { method: PresenceService.method.watchPresence, read: (message) => presenceOpenFromProto(message.open), open: openPresence(hub), notices: false }
}
