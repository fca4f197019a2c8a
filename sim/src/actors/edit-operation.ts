import { type DocumentText, type Operation, OperationBuilder, readComponents } from '@concord/ot'
import type { PlanEvent } from '../plan/plan-event.ts'

/** Events that are edits of a text. */
export type EditEvent = Extract<PlanEvent, { readonly actor: string; readonly kind: 'insert' | 'delete' | 'replace' | 'format' | 'embed' | 'paste' }>

const EDITS: ReadonlySet<string> = new Set<EditEvent['kind']>(['insert', 'delete', 'replace', 'format', 'embed', 'paste'])

export function isEdit(event: PlanEvent): event is EditEvent {
  return 'actor' in event && EDITS.has(event.kind)
}

/**
 * The operation that an edit means in a document as it is now.
 *
 * @param caret where the actor types on when the event names no place
 * @returns undefined when there is nothing to do: a delete in an empty document
 */
export function editOperation(event: EditEvent, text: DocumentText, caret: number): Operation | undefined {
  const at = event.kind === 'insert' && event.place === undefined ? aligned(text, Math.min(caret, text.length)) : positionAt(text, event.place ?? 0)
  const build = new OperationBuilder(text.length).retain(at)
  switch (event.kind) {
    case 'insert':
      return build.insert(event.text, event.attributes ?? {}).build()
    case 'paste':
      return build.insert(event.text + FILLER.repeat(event.units)).build()
    case 'embed':
      return build.insertEmbed({ type: event.type, data: event.data }).build()
  }
  const count = unitsFrom(text, at, event.count)
  switch (event.kind) {
    case 'delete':
      return count === 0 ? undefined : build.delete(count).build()
    case 'format':
      return count === 0 ? undefined : build.retain(count, event.attributes).build()
    case 'replace':
      return (count === 0 ? build.insert(event.text) : build.insert(event.text).delete(count)).build()
  }
}

/** What pasted text consists of beyond its marker: never one of the characters that are typed once. */
const FILLER = 'p'

/** A share of the length as a position outside of surrogate pairs. */
export function positionAt(text: DocumentText, place: number): number {
  return aligned(text, Math.min(text.length, Math.floor(place * (text.length + 1))))
}

/** The text that an operation takes out of the document it was made for. */
export function removedText(before: DocumentText, operation: Operation): string {
  let removed = ''
  let at = 0
  for (const component of readComponents(operation)) {
    if (component.kind === 'delete') removed += before.slice(at, at + component.length)
    if (component.kind === 'delete' || component.kind === 'retain') at += component.length
  }
  return removed
}

function unitsFrom(text: DocumentText, at: number, count: number): number {
  return Math.max(0, aligned(text, Math.min(text.length, at + count)) - at)
}

/** Never inside a surrogate pair. */
function aligned(text: DocumentText, position: number): number {
  if (position <= 0 || position >= text.length) return Math.max(0, position)
  const code = text.charCodeAt(position)
  return code >= 0xdc00 && code <= 0xdfff ? position - 1 : position
}
