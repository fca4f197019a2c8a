import type { PlanEvent } from './plan-event.ts'

/** A planned event in words, without its time: for traces, stories and reports. */
export function describeEvent(event: PlanEvent): string {
  if ('actor' in event) return `${event.actor} ${describeAct(event)}`
  switch (event.kind) {
    case 'kill':
    case 'start':
    case 'drain':
    case 'pause':
    case 'resume':
      return `${event.kind} ${event.node}`
    case 'clock':
      return `the clock of ${event.node} jumps by ${event.byMs} ms`
    case 'slow':
      return `the processor of ${event.node} is slower by ${event.factor}`
    case 'ambiguous':
      return `the next append${of(event.node)} is answered "unknown" and ${event.outcome}`
    case 'storage':
      return event.unavailable === 'nothing' ? `storage${of(event.node)} works again` : `storage${of(event.node)}: ${event.unavailable} unavailable`
    case 'storage-slow':
      return event.delayMs === 0 ? `storage${of(event.node)} is quick again` : `storage${of(event.node)} takes ${event.delayMs} ms more`
    case 'permissions':
      return `roles can${event.available ? '' : 'not'} be asked for`
    case 'keys':
      return `keys of the token issuer can${event.available ? '' : 'not'} be fetched`
    case 'partition':
      return `${event.oneWay ? 'nothing passes from' : 'no path between'} ${event.a.join(', ')} ${event.oneWay ? 'to' : 'and'} ${event.b.join(', ')}`
    case 'heal':
      return `the partition ${event.partition} ends`
    case 'role':
      return `${event.user} is ${event.role} of ${event.document} now`
    case 'revoke':
      return `${event.user} may not read ${event.document} any more`
    case 'delete':
      return `${event.document} is deleted`
    case 'lose-tail':
      return `the log of ${event.document} loses its last ${event.count} rows`
    case 'flip-bit':
      return `a bit flips in the newest snapshot of ${event.document}`
  }
}

function describeAct(event: Extract<PlanEvent, { readonly actor: string }>): string {
  switch (event.kind) {
    case 'insert':
      return `types ${JSON.stringify(event.text)}${event.place === undefined ? '' : at(event.place)}`
    case 'delete':
      return `deletes ${event.count}${at(event.place)}`
    case 'replace':
      return `replaces ${event.count} by ${JSON.stringify(event.text)}${at(event.place)}`
    case 'format':
      return `formats ${event.count}${at(event.place)}`
    case 'embed':
      return `embeds ${event.type}${at(event.place)}`
    case 'paste':
      return `pastes ${event.units} units${at(event.place)}`
    case 'stall':
      return `reads nothing for ${event.forMs} ms`
    case 'misbehave':
      return `types what no server takes`
    case 'stale-device':
      return `goes on with a device copy that is ${event.count} saves old`
    case 'attack':
      return `attacks: ${event.trick}`
    default:
      return ACTS[event.kind]
  }
}

const ACTS = {
  join: 'opens the document',
  leave: 'leaves',
  undo: 'undoes',
  redo: 'redoes',
  boundary: 'begins an undo step',
  presence: 'shows a selection',
  crash: 'loses the tab and opens it again',
  cut: 'loses the connection',
  offline: 'goes offline',
  online: 'comes back online',
  hang: 'has a connection that hangs',
  link: 'gets another network',
  corrupt: 'holds a corrupted copy',
  distrust: 'stops trusting the own copy',
} as const

function at(place: number): string {
  if (place <= 0) return ' at the begin'
  return place >= 1 ? ' at the end' : ` at ${Math.round(place * 100)} %`
}

function of(node: string | undefined): string {
  return node === undefined ? '' : ` of ${node}`
}
