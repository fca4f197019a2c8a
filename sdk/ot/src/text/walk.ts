import { equalEmbeds } from '../embed.ts'
import type { Attributes, Embed } from '../operation.ts'
import { Leaf } from './leaf.ts'
import { type Piece, type Run, runsOf, slicePiece } from './piece.ts'
import { equalStyles } from './style.ts'
import type { Tree } from './tree.ts'

/** What one run of a document looks like from outside: text, or one embed, with the attributes that all of it carries. */
export interface TextRun {
  readonly insert: string | Embed
  readonly attributes: Attributes
}

/** The content from `from` to `to`, leaf by leaf. */
export function* pieces(node: Tree, from: number, to: number): Generator<Piece, void, undefined> {
  if (from >= to) return
  if (node instanceof Leaf) return yield slicePiece(node, from, to)
  let start = 0
  for (let index = 0; index < node.children.length && start < to; index++) {
    const size = node.sizes[index]!
    if (start + size > from) yield* pieces(node.children[index]!, Math.max(0, from - start), Math.min(size, to - start))
    start += size
  }
}

/** The same as runs of text that are as long as can be, whatever the leaves. */
export function* textRuns(node: Tree, from: number, to: number): Generator<TextRun, void, undefined> {
  let open: { text: string; run: Run } | undefined
  for (const piece of pieces(node, from, to)) {
    let start = 0
    for (const run of runsOf(piece)) {
      const text = piece.text.slice(start, (start += run.length))
      if (open !== undefined && run.embed === undefined && open.run.embed === undefined && equalStyles(open.run.style, run.style)) {
        open.text += text
      } else {
        if (open !== undefined) yield toTextRun(open.text, open.run)
        open = { text, run }
      }
    }
  }
  if (open !== undefined) yield toTextRun(open.text, open.run)
}

/** Whether two contents are the same, however they are cut. */
export function equalTrees(a: Tree, b: Tree): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  const left = pieces(a, 0, a.length)
  const right = pieces(b, 0, b.length)
  let one: Piece | undefined
  let other: Piece | undefined
  for (let rest = a.length; rest > 0; ) {
    one ??= left.next().value as Piece
    other ??= right.next().value as Piece
    const length = Math.min(one.text.length, other.text.length)
    if (!equalPieces(slicePiece(one, 0, length), slicePiece(other, 0, length))) return false
    one = remainder(one, length)
    other = remainder(other, length)
    rest -= length
  }
  return true
}

function remainder(piece: Piece, used: number): Piece | undefined {
  return used === piece.text.length ? undefined : slicePiece(piece, used, piece.text.length)
}

function equalPieces(a: Piece, b: Piece): boolean {
  if (a.text !== b.text) return false
  if (a.runs === b.runs) return true
  const left = runsOf(a)
  const right = runsOf(b)
  return left.length === right.length && left.every((run, index) => equalRuns(run, right[index]!))
}

function equalRuns(a: Run, b: Run): boolean {
  if (a.length !== b.length || !equalStyles(a.style, b.style)) return false
  return a.embed === undefined || b.embed === undefined ? a.embed === b.embed : equalEmbeds(a.embed.embed, b.embed.embed)
}

function toTextRun(text: string, run: Run): TextRun {
  return { insert: run.embed === undefined ? text : run.embed.embed, attributes: run.style.attributes }
}
