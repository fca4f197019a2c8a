import { type Operation, OperationBuilder } from '@concord/ot'
import type { Edit } from './trace.ts'

/** What {@link scaledEdit} needs of a document. */
export interface EditableText {
  readonly length: number
  slice(from: number, to?: number): string
}

/**
 * The recorded edit at the place that corresponds to it in a text of another length; the very same place where the
 * lengths agree. Characters are never cut in two. Nothing when it would change nothing.
 */
export function scaledEdit({ position, deleted, inserted, length }: Edit, text: EditableText): Operation | undefined {
  const scaled = text.length === length ? position : Math.round((length === 0 ? 0 : position / length) * text.length)
  const from = boundary(text, Math.min(scaled, text.length))
  const to = boundary(text, Math.min(from + deleted, text.length))
  if (from === to && inserted === '') return undefined
  return new OperationBuilder(text.length).retain(from).insert(inserted).delete(to - from).build()
}

/** The place itself, or the next one when it lies inside a surrogate pair. */
function boundary(text: EditableText, position: number): number {
  if (position === 0 || position === text.length) return position
  return /[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(position - 1, position + 1)) ? position + 1 : position
}
