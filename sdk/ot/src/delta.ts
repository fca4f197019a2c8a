import type { Attributes, AttributeValue, Embed, Operation } from './operation.ts'
import { OperationBuilder } from './operation-builder.ts'
import { type Component, readComponents } from './read-components.ts'

/** The readable form of a component, as in Quill's Delta: plain JSON. Tie keys have no place in it. */
export type DeltaComponent =
  | { readonly retain: number; readonly attributes?: DeltaAttributes }
  | { readonly insert: string | Embed; readonly attributes?: DeltaAttributes }
  | { readonly delete: number }

/** Safe as a record: no accepted operation has an attribute that reaches a prototype. */
export type DeltaAttributes = Readonly<Record<string, AttributeValue>>

/** The readable form. Law: `fromDelta(op.baseLength, toDelta(op))` equals `unstamp(op)`. */
export function toDelta(operation: Operation): DeltaComponent[] {
  return Array.from(readComponents(operation), toDeltaComponent)
}

/** The operation of a readable form, in canonical form whatever the list looks like. Throws RangeError like {@link OperationBuilder}. */
export function fromDelta(baseLength: number, components: readonly DeltaComponent[]): Operation {
  const builder = new OperationBuilder(baseLength)
  for (const component of components) {
    if ('delete' in component) builder.delete(component.delete)
    else if ('retain' in component) builder.retain(component.retain, component.attributes)
    else if (typeof component.insert === 'string') builder.insert(component.insert, component.attributes)
    else builder.insertEmbed(component.insert, component.attributes)
  }
  return builder.build()
}

function toDeltaComponent(component: Component): DeltaComponent {
  switch (component.kind) {
    case 'retain':
      return { retain: component.length, ...attributesOf(component.attributes) }
    case 'insert':
      return { insert: component.text, ...attributesOf(component.attributes) }
    case 'embed':
      return { insert: component.embed, ...attributesOf(component.attributes) }
    case 'delete':
      return { delete: component.length }
  }
}

function attributesOf(set: Attributes): { attributes?: DeltaAttributes } {
  return set.length === 0 ? {} : { attributes: Object.fromEntries(set) }
}
