import { compose, type Operation, OperationBuilder, readComponents } from '@concord/ot'
import type { Node } from 'prosemirror-model'
import { flatLength } from './flat-document.ts'
import type { FlatMapping } from './flat-mapping.ts'

/**
 * Where the shared text, which may be open (without its last newline), meets the editor's document, in which every
 * textblock has one. An open text stays open as long as its last line is not empty and carries nothing: two people who
 * begin in an empty document then share one line, and what needs a newline to stand on closes the text.
 */

/** A local edit of the editor's document, as the edit of the shared text. */
export function toShared(edit: Operation, open: boolean, after: Node, mapping: FlatMapping): { readonly operation: Operation; readonly open: boolean } {
  if (!open) return { operation: edit, open: false }
  const length = edit.baseLength - 1
  const operation = compose(new OperationBuilder(length).retain(length).insert('\n').build(), edit)
  if (!canBeOpen(after, mapping)) return { operation, open: false }
  const end = flatLength(after) - 1
  return { operation: compose(operation, new OperationBuilder(end + 1).retain(end).delete(1).build()), open: true }
}

/** An edit of the shared text, as the edit of the editor's document. */
export function toEditor(edit: Operation, before: boolean, after: boolean): Operation {
  if (!before && !after) return edit
  const builder = new OperationBuilder(before ? edit.baseLength + 1 : edit.baseLength)
  let at = 0
  for (const component of readComponents(edit)) {
    if (component.kind === 'retain') builder.retain(component.length, component.attributes)
    else if (component.kind === 'delete') builder.delete(component.length)
    else if (component.kind === 'insert') builder.insert(component.text, component.attributes)
    else builder.insertEmbed(component.embed, component.attributes)
    if (component.kind === 'retain' || component.kind === 'delete') at += component.length
  }
  builder.retain(edit.baseLength - at)
  if (after && !before) builder.insert('\n')
  if (before && !after) builder.delete(1)
  return builder.build()
}

function canBeOpen(doc: Node, mapping: FlatMapping): boolean {
  const last = doc.child(doc.childCount - 1)
  return mapping.blockAttributes(last).length === 0 && (last.content.size > 0 || doc.childCount === 1)
}
