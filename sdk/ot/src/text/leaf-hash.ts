import { add, multiply, reduce, subtract } from '../hash-field.ts'
import { BASE, type Lanes, unitValue } from '../hash.ts'
import { EMBED_CHARACTER, type Piece, type Run } from './piece.ts'

/** Most units of a leaf, and with it of the tables below. */
export const MAX_LEAF = 1024

/** A product of a unit's value and a power stays below 2^48, so this many of them and a remainder are exact in a double. */
const BLOCK = 16

const FIRST_POWERS = powers(BASE.first)
const SECOND_POWERS = powers(BASE.second)
const FIRST_SUMS = sums(FIRST_POWERS)
const SECOND_SUMS = sums(SECOND_POWERS)
const EMBED_VALUE = unitValue(EMBED_CHARACTER.charCodeAt(0))

/** What the units of a leaf add to the hash, each times its power: no multiplication in the field for a unit of text. */
export function leafLanes(piece: Piece): Lanes {
  const text = textLanes(piece.text)
  return piece.runs === undefined ? text : addRuns(text, piece.runs, piece.text.length)
}

/** The powers that move content to the left by a leaf's length. */
export function leafWeights(length: number): Lanes {
  return { first: FIRST_POWERS[length]!, second: SECOND_POWERS[length]! }
}

function textLanes(text: string): Lanes {
  let first = 0
  let second = 0
  const length = text.length
  for (let start = 0; start < length; start += BLOCK) {
    const end = Math.min(start + BLOCK, length)
    for (let i = start; i < end; i++) {
      const value = unitValue(text.charCodeAt(i))
      first += value * FIRST_POWERS[length - 1 - i]!
      second += value * SECOND_POWERS[length - 1 - i]!
    }
    first = reduce(first)
    second = reduce(second)
  }
  return { first, second }
}

/** Attributes add the same value to each unit of a run, so they take the sum of its powers; an embed replaces its placeholder. */
function addRuns(text: Lanes, runs: readonly Run[], length: number): Lanes {
  let { first, second } = text
  let after = length
  for (const { length: units, style, embed } of runs) {
    after -= units
    if (style.attributes.length > 0) {
      first = add(first, multiply(multiply(style.lanes.first, FIRST_SUMS[units]!), FIRST_POWERS[after]!))
      second = add(second, multiply(multiply(style.lanes.second, SECOND_SUMS[units]!), SECOND_POWERS[after]!))
    }
    if (embed !== undefined) {
      first = add(first, multiply(subtract(embed.lanes.first, EMBED_VALUE), FIRST_POWERS[after]!))
      second = add(second, multiply(subtract(embed.lanes.second, EMBED_VALUE), SECOND_POWERS[after]!))
    }
  }
  return { first, second }
}


function powers(base: number): Float64Array {
  const table = new Float64Array(MAX_LEAF + 1)
  table[0] = 1
  for (let i = 1; i <= MAX_LEAF; i++) table[i] = multiply(table[i - 1]!, base)
  return table
}

/** Entry n: the sum of the first n powers. */
function sums(table: Float64Array): Float64Array {
  const result = new Float64Array(MAX_LEAF + 1)
  for (let i = 1; i <= MAX_LEAF; i++) result[i] = add(result[i - 1]!, table[i - 1]!)
  return result
}
