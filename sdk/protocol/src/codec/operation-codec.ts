import { create } from '@bufbuild/protobuf'
import { type Attributes, type AttributeValue, insertedLength, type Operation, type TieKey } from '@concord/ot'
import { AttributeSetSchema, AttributeSchema, EmbedSchema, OperationSchema, TieKeySchema, type Attribute, type Operation as OperationMessage } from '@concord/proto'
import { idFromBigint, idToBigint } from '../ids.ts'

/** An operation as its message. With `impliedKey`, a key table that holds only that key is left out. */
export function operationToProto(operation: Operation, impliedKey?: TieKey): OperationMessage {
  const { baseLength, components, text } = operation
  const message = create(OperationSchema)
  message.baseLength = baseLength
  message.components = components as number[]
  message.text = text
  if (operation.attributes.length > 0) message.attributes = operation.attributes.map(attributesToProto)
  if (operation.embeds.length > 0) message.embeds = operation.embeds.map((embed) => create(EmbedSchema, { type: embed.type, data: embed.data }))
  if (operation.keys.length > 0 && !isOnly(operation.keys, impliedKey)) {
    message.keys = operation.keys.map((key) => create(TieKeySchema, { user: key.user, client: idToBigint(key.client) }))
  }
  return message
}

/**
 * The operation of a message, unchecked: `validate` of `@concord/ot` judges it (R19). With `impliedKey`, inserts of an
 * operation without a key table carry that key.
 */
export function operationFromProto(message: OperationMessage, impliedKey?: TieKey): Operation {
  const operation: Operation = {
    baseLength: message.baseLength,
    components: message.components,
    text: message.text,
    attributes: message.attributes.length === 0 ? NONE : message.attributes.map((set) => set.attributes.map((one) => [one.name, valueFromProto(one)] as const)),
    embeds: message.embeds.length === 0 ? NONE : message.embeds.map((embed) => ({ type: embed.type, data: embed.data })),
    keys: message.keys.length === 0 ? NONE : message.keys.map((key) => ({ user: key.user, client: idFromBigint(key.client) })),
  }
  if (impliedKey === undefined || operation.keys.length > 0 || insertedLength(operation) === 0) return operation
  return { ...operation, keys: [impliedKey] }
}

const NONE: readonly never[] = Object.freeze([])

function isOnly(keys: readonly TieKey[], implied: TieKey | undefined): boolean {
  const [first] = keys
  return implied !== undefined && keys.length === 1 && first !== undefined && first.user === implied.user && first.client === implied.client
}

function attributesToProto(attributes: Attributes) {
  return create(AttributeSetSchema, {
    attributes: attributes.map(([name, value]) => create(AttributeSchema, { name, value: valueToProto(value) })),
  })
}

function valueToProto(value: AttributeValue): Attribute['value'] {
  switch (typeof value) {
    case 'string':
      return { case: 'text', value }
    case 'number':
      return { case: 'number', value }
    case 'boolean':
      return { case: 'flag', value }
    default:
      return { case: undefined }
  }
}

function valueFromProto(attribute: Attribute): AttributeValue {
  return attribute.value.case === undefined ? null : attribute.value.value
}
