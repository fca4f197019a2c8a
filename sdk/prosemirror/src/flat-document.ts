import { type Attributes, type Embed, NO_ATTRIBUTES, type Operation, OperationBuilder, type TextRun } from '@concord/ot'
import type { Node } from 'prosemirror-model'
import type { FlatMapping } from './flat-mapping.ts'

/**
 * A ProseMirror document as flat text. Each textblock is its content and one newline, so the two agree unit by unit.
 *
 * The shared text may lack the last newline (an empty document does, and one that a script wrote may): it is then `open`,
 * and the editor's last textblock stands for the unfinished line. Everything here speaks of the text with that newline;
 * `open-end.ts` is where the two meet.
 */

/** Units of the flat text, the last newline included. */
export function flatLength(doc: Node): number {
  return doc.content.size - doc.childCount
}

/** The gap in the flat text at a position of the document. Between two blocks it is the start of the second. */
export function flatPosition(doc: Node, position: number): number {
  const place = doc.resolve(position)
  return place.depth === 0 ? position - place.index(0) : position - place.index(0) - 1
}

/** Where a unit is: in which block, where that block starts, and how far into its content. */
export interface FlatPlace {
  readonly index: number
  /** ProseMirror position before the block; the end of the document for the place after the last newline. */
  readonly before: number
  /** Units into the block. */
  readonly offset: number
}

/** The place of a gap of the flat text; at the end of the text the index is the number of blocks. */
export function flatPlace(doc: Node, position: number): FlatPlace {
  let before = 0
  let rest = position
  for (let index = 0; index < doc.childCount; index++) {
    const size = doc.child(index).content.size
    if (rest <= size) return { index, before, offset: rest }
    rest -= size + 1
    before += size + 2
  }
  if (rest !== 0) throw new RangeError(`position ${position} is outside a text of ${flatLength(doc)} units`)
  return { index: doc.childCount, before, offset: 0 }
}

/** The cursor position for a gap of the flat text: within a block always, at the end of the last one for the end of the text. */
export function cursorPosition(doc: Node, position: number): number {
  const { index, before, offset } = flatPlace(doc, Math.min(position, flatLength(doc)))
  return index === doc.childCount ? before - 1 : before + 1 + offset
}

/** The flat content from one gap to another, as an operation on the empty document. Lone surrogates become U+FFFD. */
export function flatContent(doc: Node, mapping: FlatMapping, from = 0, to: number = flatLength(doc)): Operation {
  const builder = new OperationBuilder(0)
  let start = 0
  for (let index = 0; index < doc.childCount && start < to; index++) {
    const block = doc.child(index)
    const end = start + block.content.size
    if (end >= from) {
      writeInline(block, mapping, Math.max(0, from - start), Math.min(block.content.size, to - start), builder)
      if (end < to) builder.insert('\n', mapping.blockAttributes(block))
    }
    start = end + 1
  }
  return builder.build()
}

function writeInline(block: Node, mapping: FlatMapping, from: number, to: number, builder: OperationBuilder): void {
  let start = 0
  for (const node of block.children) {
    const end = start + node.nodeSize
    if (end > from && start < to) {
      const set = mapping.markAttributes(node.marks)
      if (node.isText) builder.insert(node.text!.slice(Math.max(0, from - start), to - start).toWellFormed(), set)
      else builder.insertEmbed(mapping.embedOf(node), set)
    }
    start = end
  }
}

/** A line of flat text before its newline is known. */
type Line = Node[]

/** Textblocks for runs of flat text: one for each newline, and what follows the last newline. */
export interface FlatLines {
  /** Finished lines. */
  readonly blocks: readonly Node[]
  /** Inline content after the last newline. */
  readonly rest: readonly Node[]
}

/** Reads runs of flat text into lines. */
export function readLines(runs: Iterable<TextRun>, mapping: FlatMapping): FlatLines {
  const blocks: Node[] = []
  let line: Line = []
  for (const { insert, attributes } of runs) {
    if (typeof insert !== 'string') line.push(embedNode(insert, attributes, mapping))
    else {
      const parts = insert.split('\n')
      parts.forEach((part, index) => {
        if (part !== '') line.push(mapping.schema.text(part, mapping.marks(attributes)))
        if (index === parts.length - 1) return
        blocks.push(mapping.block(attributes, line))
        line = []
      })
    }
  }
  return { blocks, rest: line }
}

/** The document that shows a text. A line without newline is a paragraph too; so is nothing. */
export function documentOf(runs: Iterable<TextRun>, mapping: FlatMapping): Node {
  const { blocks, rest } = readLines(runs, mapping)
  const all = rest.length > 0 || blocks.length === 0 ? [...blocks, mapping.block(NO_ATTRIBUTES, rest)] : blocks
  return mapping.schema.topNodeType.createChecked(null, all)
}

function embedNode(embed: Embed, set: Attributes, mapping: FlatMapping): Node {
  return mapping.embedNode(embed, mapping.marks(set))
}
