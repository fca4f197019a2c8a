/**
 * The content hash from its definition, `docs/content-hash.md`. Written apart from `@concord/ot` on purpose: a check that
 * shares its code with what it checks agrees by construction (ADR 015).
 */
const PRIME = 2147483647
const BASES = [1318699811, 1972663217] as const
const NAME_BASES = [668265263, 2018974729] as const

/** A number of the field per lane. */
export type Lanes = readonly [number, number]

export type Value = string | number | boolean

/** What a row of units adds to a hash, and what a unit to its left is worth by it. */
export interface Row {
  readonly sum: Lanes
  readonly power: Lanes
}

function times(a: number, b: number): number {
  return (((a * Math.floor(b / 65536)) % PRIME) * 65536 + a * (b % 65536)) % PRIME
}

/** A row from the values of its units. */
export function rowOf(values: readonly Lanes[]): Row {
  const sum: [number, number] = [0, 0]
  const power: [number, number] = [1, 1]
  for (const value of values) {
    for (const lane of [0, 1] as const) {
      sum[lane] = (times(sum[lane], BASES[lane]) + value[lane]) % PRIME
      power[lane] = times(power[lane], BASES[lane])
    }
  }
  return { sum, power }
}

/** The hash of a content given as rows, one after the other. */
export function hashOfRows(rows: Iterable<Row>): bigint {
  const hash: [number, number] = [1, 1]
  for (const { sum, power } of rows) {
    for (const lane of [0, 1] as const) hash[lane] = (times(hash[lane], power[lane]) + sum[lane]) % PRIME
  }
  return (BigInt(hash[0]) << 32n) + BigInt(hash[1])
}

export function textValue(unit: number, attributes: Lanes): Lanes {
  return [(unit + 1 + attributes[0]) % PRIME, (unit + 1 + attributes[1]) % PRIME]
}

export function embedValue(type: string, data: string, attributes: Lanes): Lanes {
  const [first, second] = named([2, ...stringNumbers(type), ...stringNumbers(data)])
  return [(first + attributes[0]) % PRIME, (second + attributes[1]) % PRIME]
}

/** What an attribute set adds to the value of each unit that carries it. */
export function attributesValue(set: readonly (readonly [string, Value])[]): Lanes {
  return set.length === 0 ? [0, 0] : named([1, ...set.flatMap(([name, value]) => [...stringNumbers(name), ...valueNumbers(value)])])
}

function named(numbers: readonly number[]): Lanes {
  const of = (base: number): number => numbers.reduce((hash, number) => (times(hash, base) + number + 1) % PRIME, 1)
  return [of(NAME_BASES[0]), of(NAME_BASES[1])]
}

function stringNumbers(text: string): number[] {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))
  return [Math.floor(text.length / 65536), text.length % 65536, ...units]
}

function valueNumbers(value: Value): number[] {
  if (typeof value === 'string') return [1, ...stringNumbers(value)]
  if (typeof value === 'boolean') return [value ? 4 : 3]
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value === 0 ? 0 : value)
  return [2, bits.getUint16(0), bits.getUint16(2), bits.getUint16(4), bits.getUint16(6)]
}
