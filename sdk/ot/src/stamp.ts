import { insertedLength } from './measure.ts'
import type { Operation, TieKey } from './operation.ts'
import { OperationWriter } from './operation-writer.ts'
import { type Component, readComponents } from './read-components.ts'
import { equalKeys, LOWEST_KEY } from './tie-key.ts'

/**
 * The operation with every insert under one key (R13): what a session does to each submit before it is transformed.
 * Neighbouring inserts that only their keys kept apart become one.
 */
export function stamp(operation: Operation, key: TieKey): Operation {
  if (insertedLength(operation) === 0) return operation
  const keys = equalKeys(key, LOWEST_KEY) ? [] : [key]
  if (operation.keys.length <= 1) return { ...operation, keys }
  const writer = new OperationWriter()
  for (const component of readComponents(operation)) copyComponent(writer, component, key)
  return writer.finish(operation.baseLength)
}

/** The operation with every insert under the lowest key, as content and what an application writes have it. */
export function unstamp(operation: Operation): Operation {
  return operation.keys.length === 0 ? operation : stamp(operation, LOWEST_KEY)
}

/** Writes a component again; an insert needs its key. */
export function copyComponent(writer: OperationWriter, component: Component, key: TieKey = LOWEST_KEY): void {
  switch (component.kind) {
    case 'retain':
      return writer.retain(component.length, component.attributes)
    case 'insert':
      return writer.insert(component.text, component.attributes, key)
    case 'embed':
      return writer.embed(component.embed, component.attributes, key)
    case 'delete':
      return writer.delete(component.length)
  }
}
