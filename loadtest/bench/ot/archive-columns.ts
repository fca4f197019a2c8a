import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Patch } from './trace.ts'

/** Operations of one file of the archive: four buckets of the log. */
export const BLOCK = 16_384

const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 19 } }

/**
 * What an archive of the log can be: the operations of a block in columns (where each stands relative to the end of the one before, units
 * removed, units inserted, all text), each column compressed. Nothing of an operation is lost: base lengths follow from what came before.
 */
export function packBlock(patches: readonly Patch[]): Uint8Array[] {
  const [moves, removals, insertions]: [number[], number[], number[]] = [[], [], []]
  let end = 0
  for (const [position, removed, inserted] of patches) {
    const move = position - end
    pushVarint(moves, move < 0 ? -2 * move - 1 : 2 * move)
    pushVarint(removals, removed)
    pushVarint(insertions, inserted.length)
    end = position + inserted.length
  }
  const text = Buffer.from(patches.map(([, , inserted]) => inserted).join(''))
  return [Buffer.from(moves), Buffer.from(removals), Buffer.from(insertions), text].map((column) => zstdCompressSync(column, LEVEL))
}

/** The inverse of {@link packBlock}. */
export function unpackBlock(columns: readonly Uint8Array[]): Patch[] {
  const [moves, removals, insertions, text] = columns.map((column) => zstdDecompressSync(column))
  const [ends, removed, inserted] = [moves!, removals!, insertions!].map(readVarints)
  const units = text!.toString('utf8')
  let [end, textAt] = [0, 0]
  return ends!.map((packed, i) => {
    const position = end + (packed % 2 === 1 ? -(packed + 1) / 2 : packed / 2)
    const part = units.slice(textAt, (textAt += inserted![i]!))
    end = position + part.length
    return [position, removed![i]!, part] as const
  })
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  bytes.push(rest)
}

function readVarints(bytes: Uint8Array): number[] {
  const values: number[] = []
  let [value, weight] = [0, 1]
  for (const byte of bytes) {
    value += (byte % 128) * weight
    weight *= 128
    if (byte > 127) continue
    values.push(value)
    value = 0
    weight = 1
  }
  return values
}
