import { NO_ATTRIBUTES } from '../attributes.ts'
import type { Operation } from '../operation.ts'
import { OperationWriter } from '../operation-writer.ts'
import { LOWEST_KEY } from '../tie-key.ts'
import { type Piece, runsOf } from './piece.ts'

/** Writes pieces of content as inserts. */
export function writePiece(writer: OperationWriter, piece: Piece): void {
  if (piece.runs === undefined) return writer.insert(piece.text, NO_ATTRIBUTES, LOWEST_KEY)
  let start = 0
  for (const { length, style, embed } of runsOf(piece)) {
    if (embed === undefined) writer.insert(piece.text.slice(start, start + length), style.attributes, LOWEST_KEY)
    else writer.embed(embed.embed, style.attributes, LOWEST_KEY)
    start += length
  }
}

/** An operation on the empty document that inserts the pieces. */
export function contentOperation(content: Iterable<Piece>): Operation {
  const writer = new OperationWriter()
  for (const piece of content) writePiece(writer, piece)
  return writer.finish(0)
}
