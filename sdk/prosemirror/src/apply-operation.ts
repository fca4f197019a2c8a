import { type Attributes, equalAttributes, layAttributes, type Operation, readComponents, type TextRun } from '@concord/ot'
import { Fragment, type Node, Slice } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import { type FlatPlace, flatLength, flatPlace, readLines } from './flat-document.ts'
import type { FlatMapping } from './flat-mapping.ts'

/**
 * Adds an operation on flat text to a transaction: one step for each place that it changes, so that selections,
 * decorations and a composition elsewhere are mapped exactly, and nothing outside those places is drawn again.
 *
 * Law: `flatContent(tr.doc)` afterwards equals `compose(flatContent(doc), operation)`, when that ends in a newline.
 */
export function applyOperation(tr: Transaction, operation: Operation, mapping: FlatMapping): void {
  if (operation.baseLength !== flatLength(tr.doc)) {
    throw new RangeError(`an operation on ${operation.baseLength} units does not fit a document of ${flatLength(tr.doc)}`)
  }
  let at = 0
  for (const change of readChanges(operation)) {
    if (change.kind === 'retain') {
      layOver(tr, at, at + change.length, change.attributes, mapping)
      at += change.length
    } else at += replace(tr, at, change, mapping)
  }
}

interface Retained {
  readonly kind: 'retain'
  readonly length: number
  readonly attributes: Attributes
}

/** What is inserted and removed at one place. */
interface Replaced {
  readonly kind: 'replace'
  readonly inserted: readonly TextRun[]
  readonly removed: number
}

function* readChanges(operation: Operation): Generator<Retained | Replaced> {
  let inserted: TextRun[] = []
  let removed = 0
  for (const component of readComponents(operation)) {
    if (component.kind === 'insert') inserted.push({ insert: component.text, attributes: component.attributes })
    else if (component.kind === 'embed') inserted.push({ insert: component.embed, attributes: component.attributes })
    else if (component.kind === 'delete') removed += component.length
    else {
      if (inserted.length > 0 || removed > 0) yield { kind: 'replace', inserted, removed }
      inserted = []
      removed = 0
      yield component
    }
  }
  if (inserted.length > 0 || removed > 0) yield { kind: 'replace', inserted, removed }
}

/** Replaces units behind `at` and returns how many stand there now. */
function replace(tr: Transaction, at: number, { inserted, removed }: Replaced, mapping: FlatMapping): number {
  const length = inserted.reduce((sum, { insert }) => sum + (typeof insert === 'string' ? insert.length : 1), 0)
  const kept = keptNewline(tr.doc, at, inserted, removed)
  if (kept !== undefined) {
    replaceUnits(tr, at, removed - 1, kept.inserted, mapping)
    setBlock(tr, at + length - 1, kept.attributes, mapping)
  } else replaceUnits(tr, at, removed, inserted, mapping)
  return length
}

/** A newline put where one was taken away is the old one with other attributes: the block behind it stays what it is. */
function keptNewline(doc: Node, at: number, inserted: readonly TextRun[], removed: number) {
  const last = inserted[inserted.length - 1]
  if (last === undefined || typeof last.insert !== 'string' || !last.insert.endsWith('\n') || removed === 0) return undefined
  const { index, offset } = flatPlace(doc, at + removed - 1)
  if (offset < doc.child(index).content.size) return undefined
  const text = last.insert.slice(0, -1)
  return { inserted: [...inserted.slice(0, -1), ...(text === '' ? [] : [{ ...last, insert: text }])], attributes: last.attributes }
}

function replaceUnits(tr: Transaction, at: number, removed: number, inserted: readonly TextRun[], mapping: FlatMapping): void {
  const lines = readLines(inserted, mapping)
  const from = flatPlace(tr.doc, at)
  const to = flatPlace(tr.doc, at + removed)
  if (from.offset === 0 && to.offset === 0 && lines.rest.length === 0) {
    if (from.index < to.index || lines.blocks.length > 0) tr.replace(from.before, to.before, new Slice(Fragment.from(lines.blocks), 0, 0))
  } else if (to.index === tr.doc.childCount) throw new RangeError('an operation took the last newline away and put none in its place')
  else if (lines.blocks.length > 0) replaceLines(tr, from, to, lines.blocks, lines.rest)
  else replaceWithinLine(tr, from, to, lines.rest)
}

/** The first line inserted ends the block at `from`, what follows the last one begins the block at `to`. */
function replaceLines(tr: Transaction, from: FlatPlace, to: FlatPlace, blocks: readonly Node[], rest: readonly Node[]): void {
  const end = tr.doc.child(to.index)
  const content = Fragment.from([...blocks, end.type.create(end.attrs, rest as Node[], end.marks)])
  tr.replace(from.before + 1 + from.offset, to.before + 1 + to.offset, new Slice(content, 1, 1))
  setMarkup(tr, from.before, blocks[0]!)
}

/** Without a newline inserted one block remains, and its newline is the one of the block at `to`. */
function replaceWithinLine(tr: Transaction, from: FlatPlace, to: FlatPlace, rest: readonly Node[]): void {
  const end = tr.doc.child(to.index)
  tr.replace(from.before + 1 + from.offset, to.before + 1 + to.offset, new Slice(Fragment.from(rest), 0, 0))
  if (from.index !== to.index) setMarkup(tr, from.before, end)
}

/** Lays attributes over kept units: marks over what stands in a line, block attributes where the unit is a newline. */
function layOver(tr: Transaction, from: number, to: number, change: Attributes, mapping: FlatMapping): void {
  if (change.length === 0) return
  const place = flatPlace(tr.doc, from)
  let { before } = place
  let start = from - place.offset
  for (let index = place.index; start < to; index++) {
    const block = tr.doc.child(index)
    const end = start + block.content.size
    layOverLine(tr, block, before + 1, Math.max(0, from - start), Math.min(block.content.size, to - start), change, mapping)
    if (end < to) setMarkup(tr, before, mapping.block(layAttributes(mapping.blockAttributes(block), change), []))
    before += block.nodeSize
    start = end + 1
  }
}

function layOverLine(tr: Transaction, block: Node, blockStart: number, from: number, to: number, change: Attributes, mapping: FlatMapping): void {
  let start = 0
  for (const node of block.children) {
    const end = start + node.nodeSize
    if (end > from && start < to) {
      changeMarks(tr, node, blockStart + Math.max(start, from), blockStart + Math.min(end, to), change, mapping)
    }
    start = end
  }
}

function changeMarks(tr: Transaction, node: Node, from: number, to: number, change: Attributes, mapping: FlatMapping): void {
  const set = mapping.markAttributes(node.marks)
  const wanted = layAttributes(set, change)
  if (equalAttributes(set, wanted)) return
  const marks = mapping.marks(wanted)
  for (const mark of node.marks) if (!marks.some((other) => other.eq(mark))) tr.removeMark(from, to, mark)
  for (const mark of marks) if (!mark.isInSet(node.marks)) tr.addMark(from, to, mark)
}

/** Makes `set` the attributes of the newline at a position of the flat text. */
function setBlock(tr: Transaction, position: number, set: Attributes, mapping: FlatMapping): void {
  setMarkup(tr, flatPlace(tr.doc, position).before, mapping.block(set, []))
}

/** One step for each attribute that differs: such steps move nothing, so no cursor can be in their way. */
function setMarkup(tr: Transaction, before: number, like: Node): void {
  const node = tr.doc.nodeAt(before)!
  if (node.type !== like.type) tr.setNodeMarkup(before, like.type, like.attrs, node.marks)
  else for (const name of Object.keys(node.attrs)) if (like.attrs[name] !== node.attrs[name]) tr.setNodeAttribute(before, name, like.attrs[name])
}
