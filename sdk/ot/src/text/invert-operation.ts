import { attributesChange, layAttributes, NO_ATTRIBUTES } from '../attributes.ts'
import type { Attributes, Operation } from '../operation.ts'
import { lengthAfter } from '../measure.ts'
import { OperationWriter } from '../operation-writer.ts'
import { readComponents } from '../read-components.ts'
import { runsOf } from './piece.ts'
import type { Tree } from './tree.ts'
import { pieces } from './walk.ts'
import { writePiece } from './write-content.ts'

/**
 * The operation that takes `operation` back, given the content before it: what it inserted is deleted, what it deleted comes
 * back with its attributes, what it restyled is styled as before. Its inserts carry the lowest tie key (R13).
 */
export function invertOperation(content: Tree, operation: Operation): Operation {
  const writer = new OperationWriter()
  let position = 0
  for (const component of readComponents(operation)) {
    switch (component.kind) {
      case 'retain':
        restyle(writer, content, position, component.length, component.attributes)
        position += component.length
        break
      case 'insert':
        writer.delete(component.text.length)
        break
      case 'embed':
        writer.delete(1)
        break
      case 'delete':
        for (const piece of pieces(content, position, position + component.length)) writePiece(writer, piece)
        position += component.length
        break
    }
  }
  return writer.finish(lengthAfter(operation))
}

/** Names are restored only where the operation really changed them, so that inverting a repeated "bold" does not remove it. */
function restyle(writer: OperationWriter, content: Tree, position: number, length: number, change: Attributes): void {
  if (change.length === 0) return writer.retain(length, NO_ATTRIBUTES)
  for (const piece of pieces(content, position, position + length)) {
    for (const run of runsOf(piece)) {
      writer.retain(run.length, attributesChange(layAttributes(run.style.attributes, change), run.style.attributes))
    }
  }
}
