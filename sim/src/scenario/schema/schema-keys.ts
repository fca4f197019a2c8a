import type { z } from 'zod'

/** The parts of a zod schema's definition that are walked here and by the reference. */
export interface Definition {
  readonly type: string
  readonly innerType?: z.ZodType
  readonly in?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly discriminator?: string
  readonly element?: z.ZodType
  readonly valueType?: z.ZodType
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly defaultValue?: unknown
  readonly entries?: Readonly<Record<string, string>>
  readonly values?: readonly unknown[]
}

export function definitionOf(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition
}

/** What is inside wrappers: optional, default, transforms. */
export function unwrapped(schema: z.ZodType): z.ZodType {
  const { innerType, in: input } = definitionOf(schema)
  const inner = innerType ?? input
  return inner === undefined ? schema : unwrapped(inner)
}

/** The keys that may stand in the mapping at a path of a value; none when there is no mapping. */
export function keysAt(schema: z.ZodType, path: readonly (string | number)[], value: unknown): readonly string[] {
  const inner = unwrapped(schema)
  const { type, shape, element, valueType } = definitionOf(inner)
  if (type === 'union') return keysAt(chosen(inner, value), path, value)
  const [key, ...rest] = path
  if (key === undefined) return shape === undefined ? [] : Object.keys(shape)
  const next = type === 'array' ? element : type === 'record' ? valueType : shape?.[String(key)]
  const below: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return next === undefined ? [] : keysAt(next, rest, below)
}

/** The option of a union that a value was probably meant to be. */
function chosen(union: z.ZodType, value: unknown): z.ZodType {
  const { options = [], discriminator } = definitionOf(union)
  const wanted = Array.isArray(value) ? 'array' : 'object'
  const matches = options.find((option) => {
    const { type, shape } = definitionOf(unwrapped(option))
    if (discriminator === undefined) return type === wanted
    const literal = shape?.[discriminator]
    return typeof value === 'object' && value !== null && literal !== undefined && definitionOf(literal).values?.[0] === Reflect.get(value, discriminator)
  })
  return unwrapped(matches ?? options[0] ?? union)
}
