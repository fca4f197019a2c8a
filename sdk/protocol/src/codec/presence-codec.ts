import { create } from '@bufbuild/protobuf'
import {
  ClientPresenceSchema,
  PresenceStateSchema,
  ServerPresenceSchema,
  type ClientPresence as ClientPresenceMessage,
  type PresenceOpen,
  type PresenceState as PresenceStateMessage,
  type ServerPresence as ServerPresenceMessage,
} from '@concord/proto'
import type { ClientPresence, PresenceState, ServerPresence } from '../frames.ts'
import { idFromBigint, idToBigint } from '../ids.ts'
import { ACTIVITIES, PRESENCE_DETAILS } from './enums.ts'
import { decoding, type Malformed, required, safe, stop } from './malformed.ts'

export function clientPresenceToProto(presence: ClientPresence): ClientPresenceMessage {
  switch (presence.kind) {
    case 'open': {
      const value = { document: presence.document, clientId: idToBigint(presence.clientId), anonymous: presence.anonymous }
      return create(ClientPresenceSchema, { message: { case: 'open', value } })
    }
    case 'state':
      return create(ClientPresenceSchema, { message: { case: 'state', value: presenceStateToProto(presence.state) } })
    case 'beat':
      return create(ClientPresenceSchema, { message: { case: 'beat', value: {} } })
    case 'refresh':
      return create(ClientPresenceSchema, { message: { case: 'refresh', value: { token: presence.token } } })
  }
}

export function clientPresenceFromProto(message: ClientPresenceMessage | undefined): ClientPresence | Malformed {
  return decoding(() => {
    const said = required(message, 'presence').message
    switch (said.case) {
      case 'open':
        return presenceOpenValue(said.value)
      case 'state':
        return { kind: 'state', state: presenceStateValue(said.value) }
      case 'beat':
        return { kind: 'beat' }
      case 'refresh':
        return { kind: 'refresh', token: said.value.token }
      case undefined:
        return stop('presence', 'the message is of no kind this server knows: use a newer server or an older SDK')
    }
  })
}

export function presenceOpenFromProto(message: PresenceOpen | undefined): Extract<ClientPresence, { kind: 'open' }> | Malformed {
  return decoding(() => presenceOpenValue(required(message, 'open')))
}

function presenceOpenValue(message: PresenceOpen): Extract<ClientPresence, { kind: 'open' }> {
  return { kind: 'open', document: message.document, clientId: idFromBigint(message.clientId), anonymous: message.anonymous }
}

export function presenceStateToProto(state: PresenceState): PresenceStateMessage {
  const { name, color, data, selection } = state
  const message = create(PresenceStateSchema, { name, color, data, activity: ACTIVITIES.toProto(state.activity) })
  if (selection !== undefined) {
    message.selection = { $typeName: 'concord.v1.Selection', version: BigInt(selection.version), anchor: selection.anchor, head: selection.head }
  }
  return message
}

export function presenceStateFromProto(message: PresenceStateMessage): PresenceState | Malformed {
  return decoding(() => presenceStateValue(message))
}

function presenceStateValue(message: PresenceStateMessage): PresenceState {
  const { name, color, data, selection } = message
  return {
    name,
    color,
    data,
    activity: ACTIVITIES.fromProto(message.activity) ?? 'active',
    ...(selection === undefined
      ? {}
      : { selection: { version: safe(selection.version, 'state.selection.version'), anchor: selection.anchor, head: selection.head } }),
  }
}

export function serverPresenceToProto(presence: ServerPresence): ServerPresenceMessage {
  return create(ServerPresenceSchema, {
    updated: presence.updated.map(({ clientId, userId, state }) => ({ clientId: idToBigint(clientId), userId, state: presenceStateToProto(state) })),
    left: presence.left.map(idToBigint),
    detail: PRESENCE_DETAILS.toProto(presence.detail),
    count: presence.count,
  })
}

export function serverPresenceFromProto(message: ServerPresenceMessage | undefined): ServerPresence | Malformed {
  return decoding(() => {
    const { updated, left, detail, count } = required(message, 'presence')
    return {
      updated: updated.map((one) => ({ clientId: idFromBigint(one.clientId), userId: one.userId, state: presenceStateValue(required(one.state, 'updated.state')) })),
      left: left.map(idFromBigint),
      detail: PRESENCE_DETAILS.fromProto(detail) ?? 'full',
      count,
    }
  })
}
