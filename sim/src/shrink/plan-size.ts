import type { Plan } from '../plan/plan.ts'
import type { PlanEvent, PlanEventKind } from '../plan/plan-event.ts'

export interface PlanSize {
  /** Operations: what changes a document. */
  readonly edits: number
  /** What goes wrong: neither an edit nor somebody coming, looking or going. */
  readonly faults: number
  readonly events: number
  readonly actors: number
  readonly nodes: number
  readonly documents: number
}

const EDITS: ReadonlySet<PlanEventKind> = new Set<PlanEventKind>(['insert', 'delete', 'replace', 'format', 'embed', 'undo', 'redo', 'paste', 'misbehave'])
const PEACEFUL: ReadonlySet<PlanEventKind> = new Set<PlanEventKind>(['join', 'leave', 'boundary', 'presence'])

/** A `delete` is an edit, or the end of a document. */
export function isEdit(event: PlanEvent): boolean {
  return EDITS.has(event.kind) && !('document' in event)
}

export function isFault(event: PlanEvent): boolean {
  return !isEdit(event) && !PEACEFUL.has(event.kind)
}

/** The kind, with the two sorts of `delete` apart. */
export function sortOf(event: PlanEvent): string {
  return event.kind === 'delete' && 'document' in event ? 'delete document' : event.kind
}

export function planSize({ events, world }: Plan): PlanSize {
  return {
    edits: events.filter(isEdit).length,
    faults: events.filter(isFault).length,
    events: events.length,
    actors: world.actors.length,
    nodes: world.nodes.length,
    documents: world.documents.length,
  }
}

/** As `3 edits, 1 fault, 2 actors`. */
export function describeSize({ edits, faults, actors }: PlanSize): string {
  const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
  return `${counted(edits, 'edit')}, ${counted(faults, 'fault')}, ${counted(actors, 'actor')}`
}
