import type { Attributes, Embed } from '../src/operation.ts'
import type { Cell } from './naive-text.ts'

const PRIME = 2n ** 31n - 1n
const LANES = [
  { base: 1318699811n, nameBase: 668265263n },
  { base: 1972663217n, nameBase: 2018974729n },
] as const

/** docs/content-hash.md word by word, in big integers and one unit at a time. */
export function naiveHash(cells: readonly Cell[]): string {
  return LANES.map(({ base, nameBase }) => {
    let hash = 1n
    for (const { unit, attributes } of cells) {
      const value = typeof unit === 'string' ? BigInt(unit.charCodeAt(0)) + 1n : name(nameBase, embedUnits(unit))
      const added = attributes.length === 0 ? 0n : name(nameBase, attributeUnits(attributes))
      hash = (hash * base + value + added) % PRIME
    }
    return hash.toString(16).padStart(8, '0')
  }).join('')
}

function name(base: bigint, units: readonly number[]): bigint {
  return units.reduce((hash, unit) => (hash * base + BigInt(unit) + 1n) % PRIME, 1n)
}

function embedUnits(embed: Embed): number[] {
  return [2, ...stringUnits(embed.type), ...stringUnits(embed.data)]
}

function attributeUnits(attributes: Attributes): number[] {
  return [1, ...attributes.flatMap(([key, value]) => [...stringUnits(key), ...valueUnits(value)])]
}

function valueUnits(value: unknown): number[] {
  if (typeof value === 'string') return [1, ...stringUnits(value)]
  if (typeof value === 'boolean') return [value ? 4 : 3]
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE((value as number) + 0)
  return [2, ...[0, 2, 4, 6].map((at) => bytes.readUInt16BE(at))]
}

function stringUnits(text: string): number[] {
  return [Math.floor(text.length / 65536), text.length % 65536, ...Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))]
}
