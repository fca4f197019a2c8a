import { compose, identity, isEmpty, lengthAfter, type Operation, readComponents, transform, transformPosition } from '@concord/ot'
import type { Node } from 'prosemirror-model'
import { flatLength, flatPlace } from './flat-document.ts'
import type { FlatMapping } from './flat-mapping.ts'
import { toEditor, toShared } from './open-end.ts'
import { originalPosition, partition, type Region } from './partition.ts'

/**
 * How far the editor's document is behind the shared text: whether the text it shows is open, and what it does not show
 * yet because an input method is composing there. A value; each step gives the next one.
 *
 * Law: the flat text of the editor's document, then `held`, is the shared text.
 */
export interface Shadow {
  readonly open: boolean
  /** From the text shown to the shared text; undefined for the same. */
  readonly held: Operation | undefined
}

/** A local edit, as what the shared text has to take. `edit` is an operation on the flat text of the editor's document before. */
export function shareEdit(shadow: Shadow, edit: Operation, after: Node, mapping: FlatMapping): { readonly shadow: Shadow; readonly operation: Operation } {
  const { operation, open } = toShared(edit, shadow.open, after, mapping)
  if (shadow.held === undefined) return { shadow: { open, held: undefined }, operation }
  const [held, own] = transform(shadow.held, operation)
  return { shadow: { open, held: nothingIfEmpty(held) }, operation: own }
}

/** A change of the shared text, as what the editor has to show now; what touches `composing` waits. */
export function showChange(shadow: Shadow, change: Operation, shown: Node, composing?: Region): { readonly shadow: Shadow; readonly edit: Operation } {
  const all = shadow.held === undefined ? change : compose(shadow.held, change)
  if (composing === undefined) return show(all, undefined, shadow.open, shown)
  const { outside, inside } = partition(all, composing)
  const [, held] = transform(outside, inside)
  return show(outside, nothingIfEmpty(held), shadow.open, shown)
}

/** What is held and may be shown now. */
export function release(shadow: Shadow, shown: Node, composing?: Region): { readonly shadow: Shadow; readonly edit: Operation } {
  return showChange(shadow, identity(sharedLength(shadow, shown)), shown, composing)
}

/** Units of the shared text. */
export function sharedLength({ open, held }: Shadow, shown: Node): number {
  return held === undefined ? flatLength(shown) - (open ? 1 : 0) : lengthAfter(held)
}

/** A position of the flat text shown, in the shared text. */
export function toSharedPosition({ open, held }: Shadow, shown: Node, position: number): number {
  const within = Math.min(position, flatLength(shown) - (open ? 1 : 0))
  return held === undefined ? within : transformPosition(within, held, 'left')
}

/** The inverse of {@link toSharedPosition}. */
export function toShownPosition({ held }: Shadow, position: number): number {
  return held === undefined ? position : originalPosition(position, held)
}

function show(operation: Operation, held: Operation | undefined, before: boolean, shown: Node) {
  const open = isOpenAfter(operation, before, shown)
  return { shadow: { open, held }, edit: toEditor(operation, before, open) }
}

/** Whether the text ends without a newline once `operation` is applied: seen from its last unit. */
function isOpenAfter(operation: Operation, before: boolean, shown: Node): boolean {
  let at = 0
  let open: boolean | undefined
  for (const component of readComponents(operation)) {
    if (component.kind === 'insert') open = !component.text.endsWith('\n')
    else if (component.kind === 'embed') open = true
    else {
      at += component.length
      if (component.kind === 'retain') open = !isNewline(shown, at - 1)
    }
  }
  if (at < operation.baseLength) return before
  return open ?? true
}

function isNewline(doc: Node, position: number): boolean {
  const { index, offset } = flatPlace(doc, position)
  return index < doc.childCount && offset === doc.child(index).content.size
}

function nothingIfEmpty(operation: Operation): Operation | undefined {
  return isEmpty(operation) ? undefined : operation
}
