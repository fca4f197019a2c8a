import { add, multiply, PRIME } from './hash-field.ts'
import type { Attributes, AttributeValue, Embed } from './operation.ts'

/**
 * The hash of a content: 16 lowercase hexadecimal digits, the first lane's 8 before the second's, so that comparing hashes
 * is comparing strings and the number on the wire is `BigInt('0x' + hash)`. It finds divergence, it does not
 * withstand an adversary. Equal contents have equal hashes however their runs are cut; docs/content-hash.md defines it for
 * every language.
 */
export type ContentHash = string

/** Two field elements: every quantity of the hash is computed twice, with different bases. */
export interface Lanes {
  readonly first: number
  readonly second: number
}

/** What one unit to the left is worth. Both are primitive roots of the field, so powers repeat only after 2^31 - 2 units. */
export const BASE: Lanes = { first: 1318699811, second: 1972663217 }

/** The bases of what attribute sets and embeds hash to: others, so that a long name cannot look like a row of units. */
const NAME_BASE: Lanes = { first: 668265263, second: 2018974729 }

const ZERO: Lanes = { first: 0, second: 0 }
const ATTRIBUTES_DOMAIN = 1
const EMBED_DOMAIN = 2
const STRING_TAG = 1
const NUMBER_TAG = 2
const FALSE_TAG = 3
const TRUE_TAG = 4

/** The hash of the empty content, from which every hash starts: a leading 1 makes the length part of the hash. */
export const EMPTY_HASH: ContentHash = formatHash({ first: 1, second: 1 })

/** The value that a unit of text without attributes has in both lanes. Never 0: a NUL counts. */
export function unitValue(unit: number): number {
  return unit + 1
}

/** What an attribute set adds to the value of a unit that carries it; nothing when it is empty. */
export function attributesLanes(set: Attributes): Lanes {
  if (set.length === 0) return ZERO
  const units = [ATTRIBUTES_DOMAIN]
  for (const [name, value] of set) {
    pushString(units, name)
    pushValue(units, value)
  }
  return nameLanes(units)
}

/** The value of an embed, in place of a unit's. */
export function embedLanes(embed: Embed): Lanes {
  const units = [EMBED_DOMAIN]
  pushString(units, embed.type)
  pushString(units, embed.data)
  return nameLanes(units)
}

/** Appends a unit's value: the definition of the hash, one step of it. */
export function appendValue(lanes: Lanes, value: Lanes): Lanes {
  return { first: add(multiply(lanes.first, BASE.first), value.first), second: add(multiply(lanes.second, BASE.second), value.second) }
}

/** The 16 digits of two lanes. */
export function formatHash(lanes: Lanes): ContentHash {
  return hexadecimal(lanes.first) + hexadecimal(lanes.second)
}

function nameLanes(units: readonly number[]): Lanes {
  let first = 1
  let second = 1
  for (const unit of units) {
    first = add(multiply(first, NAME_BASE.first), unitValue(unit))
    second = add(multiply(second, NAME_BASE.second), unitValue(unit))
  }
  return { first, second }
}

/** A length of 32 bits goes before the units, so that no two lists of strings flatten to the same units. */
function pushString(units: number[], text: string): void {
  units.push(text.length >>> 16, text.length & 0xffff)
  for (let i = 0; i < text.length; i++) units.push(text.charCodeAt(i))
}

/** Numbers by their 64 bits, because decimal text differs between languages; -0 equals 0, so it hashes as 0. */
function pushValue(units: number[], value: AttributeValue): void {
  switch (typeof value) {
    case 'string':
      units.push(STRING_TAG)
      return pushString(units, value)
    case 'number': {
      const view = new DataView(new ArrayBuffer(8))
      view.setFloat64(0, value === 0 ? 0 : value)
      units.push(NUMBER_TAG, view.getUint16(0), view.getUint16(2), view.getUint16(4), view.getUint16(6))
      return
    }
    case 'boolean':
      units.push(value ? TRUE_TAG : FALSE_TAG)
      return
    default:
      throw new Error('null marks a removal and does not occur in content: canonical content has no such attribute')
  }
}

function hexadecimal(element: number): string {
  if (element < 0 || element >= PRIME) throw new Error(`${element} is not an element of the hash's field`)
  return element.toString(16).padStart(8, '0')
}

/** The hash as the 64-bit number on the wire. Never 0 in practice (probability 2^-62), so 0 can mean "left out". */
export function hashToBits(hash: ContentHash): bigint {
  return BigInt(`0x${hash}`)
}

/** The hash that a number on the wire stands for. */
export function hashFromBits(bits: bigint): ContentHash {
  return BigInt.asUintN(64, bits).toString(16).padStart(16, '0')
}
