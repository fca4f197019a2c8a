import { Activity, Durability as DurabilityEnum, PresenceDetail, ResyncReason as ResyncEnum, Role as RoleEnum } from '@concord/proto'
import type { Durability, PresenceState, ResyncReason, Role, ServerPresence } from '../frames.ts'

/** Names and numbers of one enum, both ways. A number this build does not know reads as `undefined`. */
interface EnumTable<Name extends string, Value extends number> {
  toProto(name: Name): Value
  fromProto(value: Value): Name | undefined
}

function table<Name extends string, Value extends number>(entries: Readonly<Record<Name, Value>>): EnumTable<Name, Value> {
  const names = new Map(Object.entries<Value>(entries).map(([name, value]) => [value, name as Name]))
  return { toProto: (name) => entries[name], fromProto: (value) => names.get(value) }
}

export const ROLES = table<Role, RoleEnum>({ viewer: RoleEnum.VIEWER, commenter: RoleEnum.COMMENTER, editor: RoleEnum.EDITOR, owner: RoleEnum.OWNER })

export const DURABILITIES = table<Durability, DurabilityEnum>({
  volatile: DurabilityEnum.VOLATILE,
  local: DurabilityEnum.LOCAL,
  quorum: DurabilityEnum.QUORUM,
  all_regions: DurabilityEnum.ALL_REGIONS,
})

export const RESYNC_REASONS = table<ResyncReason, ResyncEnum>({
  slow_reader: ResyncEnum.SLOW_READER,
  diverged: ResyncEnum.DIVERGED,
  history_forked: ResyncEnum.HISTORY_FORKED,
  below_floor: ResyncEnum.BELOW_FLOOR,
})

export const ACTIVITIES = table<PresenceState['activity'], Activity>({ active: Activity.ACTIVE, idle: Activity.IDLE, typing: Activity.TYPING })

export const PRESENCE_DETAILS = table<ServerPresence['detail'], PresenceDetail>({
  full: PresenceDetail.FULL,
  sampled: PresenceDetail.SAMPLED,
  counts: PresenceDetail.COUNTS,
})
