import { describeEvent } from '../plan/describe-event.ts'
import type { PlanEvent, PlanEventKind } from '../plan/plan-event.ts'
import type { Plan } from '../plan/plan.ts'
import type { FaultWindow } from './run-result.ts'

/** Which event begins a fault, and which ends it. `itself`: it says how long. `moment`: over at once, shown as a mark. */
const FAULTS: Partial<Record<PlanEventKind, PlanEventKind | 'itself' | 'moment'>> = {
  kill: 'start',
  drain: 'start',
  pause: 'resume',
  partition: 'heal',
  offline: 'online',
  hang: 'online',
  stall: 'itself',
  storage: 'storage',
  'storage-slow': 'storage-slow',
  permissions: 'permissions',
  keys: 'keys',
  slow: 'slow',
  clock: 'moment',
  ambiguous: 'moment',
  'lose-tail': 'moment',
  'flip-bit': 'moment',
  cut: 'moment',
  crash: 'moment',
}

/** Windows above which single actors' faults are left out of the plots: a herd is one thing, not 10,000. */
const MOST = 200

/** When which fault held, for the plots. */
export function faultWindows(plan: Plan, healedAt: number): FaultWindow[] {
  const events = plan.events.filter((event) => !isEnd(event) && FAULTS[event.kind] !== undefined)
  const shown = events.length > MOST ? events.filter((event) => !('actor' in event)) : events
  return shown.slice(0, MOST).map((event) => ({ id: event.id, kind: event.kind, what: describeEvent(event), fromMs: event.at, toMs: endOf(event, plan, healedAt) }))
}

/** An event of a kind that both begins and ends a fault, by its value. */
function isEnd(event: PlanEvent): boolean {
  switch (event.kind) {
    case 'storage':
      return event.unavailable === 'nothing'
    case 'storage-slow':
      return event.delayMs === 0
    case 'permissions':
    case 'keys':
      return event.available
    case 'slow':
      return event.factor === 1
    default:
      return false
  }
}

function endOf(event: PlanEvent, plan: Plan, healedAt: number): number {
  const ends = FAULTS[event.kind]
  if (event.kind === 'stall') return Math.min(event.at + event.forMs, healedAt)
  if (ends === undefined || ends === 'moment') return event.at
  const end = plan.events.find((later) => later.at >= event.at && later.kind === ends && later.id !== event.id && (ends !== event.kind || isEnd(later)) && concernsSame(event, later))
  return Math.min(end?.at ?? healedAt, healedAt)
}

function concernsSame(begin: PlanEvent, end: PlanEvent): boolean {
  if (end.kind === 'heal') return end.partition === begin.id
  if ('actor' in begin) return 'actor' in end && end.actor === begin.actor
  const node = 'node' in begin ? begin.node : undefined
  return node === undefined || !('node' in end) || end.node === undefined || end.node === node
}
