import type { Operation } from '../operation.ts'
import { OperationWriter } from '../operation-writer.ts'
import { type Piece, type Run, runsOf, slicePiece } from './piece.ts'
import type { Tree } from './tree.ts'
import { pieces } from './walk.ts'
import { writePiece } from './write-content.ts'

/** Bytes that a chunk may take when encoded: below a frame's 256 KiB with room for what goes around it. One embed of 200 KiB still fits. */
const CHUNK_BYTES = 240 * 1024

/** UTF-8 takes at most 3 bytes per UTF-16 unit: near enough for what is short. */
const MAX_BYTES_PER_UNIT = 3

/** Tags, lengths and component numbers of one run, generously. */
const RUN_BYTES = 32

/** An insert-only operation for every stretch of at most `maxUnits` units (at least 2) that stays below CHUNK_BYTES when encoded. */
export function* chunkContent(content: Tree, maxUnits: number): Generator<Operation, void, undefined> {
  if (!(maxUnits >= 2)) throw new RangeError(`maxUnits is ${maxUnits}: a chunk needs room for a surrogate pair`)
  let writer = new OperationWriter()
  let units = 0
  let bytes = 0
  for (const piece of smallPieces(content, maxUnits)) {
    const length = piece.text.length
    const cost = encodedBytes(piece)
    if (units > 0 && (units + length > maxUnits || bytes + cost > CHUNK_BYTES)) {
      yield writer.finish(0)
      writer = new OperationWriter()
      units = 0
      bytes = 0
    }
    writePiece(writer, piece)
    units += length
    bytes += cost
  }
  if (units > 0) yield writer.finish(0)
}

/** Pieces of one run each, none longer than `maxUnits`, none ending within a surrogate pair. */
function* smallPieces(content: Tree, maxUnits: number): Generator<Piece, void, undefined> {
  for (const piece of pieces(content, 0, content.length)) {
    if (piece.runs === undefined && piece.text.length <= maxUnits) {
      yield piece
      continue
    }
    let start = 0
    for (const run of runsOf(piece)) {
      yield* cutRun(slicePiece(piece, start, start + run.length), maxUnits)
      start += run.length
    }
  }
}

function* cutRun(piece: Piece, maxUnits: number): Generator<Piece, void, undefined> {
  for (let start = 0; start < piece.text.length; ) {
    let end = Math.min(start + maxUnits, piece.text.length)
    if ((piece.text.charCodeAt(end) & 0xfc00) === 0xdc00) end--
    yield slicePiece(piece, start, end)
    start = end
  }
}

/** At most what the piece takes when encoded, as if its attributes were not in a table yet. */
function encodedBytes(piece: Piece): number {
  let bytes = RUN_BYTES + utf8Bytes(piece.text)
  for (const run of piece.runs ?? []) bytes += runBytes(run)
  return bytes
}

function runBytes({ style, embed }: Run): number {
  let bytes = embed === undefined ? 0 : RUN_BYTES + (embed.embed.type.length + embed.embed.data.length) * MAX_BYTES_PER_UNIT
  for (const [name, value] of style.attributes) {
    bytes += RUN_BYTES + (name.length + (typeof value === 'string' ? value.length : 0)) * MAX_BYTES_PER_UNIT
  }
  return bytes
}

/** A surrogate pair takes 4 bytes, so 2 for each half. */
function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit & 0xf800) !== 0xd800 ? 2 : 1
  }
  return bytes
}
