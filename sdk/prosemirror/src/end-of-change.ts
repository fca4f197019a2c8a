import { type Operation, readComponents } from '@concord/ot'

/** The place in the text after `operation` where its last change ends: where the caret belongs after undo. */
export function endOfChange(operation: Operation): number {
  let at = 0
  let end = 0
  for (const component of readComponents(operation)) {
    switch (component.kind) {
      case 'retain':
        at += component.length
        if (component.attributes.length > 0) end = at
        break
      case 'insert':
        end = at += component.text.length
        break
      case 'embed':
        end = at += 1
        break
      case 'delete':
        end = at
        break
    }
  }
  return end
}
