import { attributesChange, diff, equalAttributes, type Operation, OperationBuilder, readComponents } from '@concord/ot'
import type { Node } from 'prosemirror-model'
import type { Span } from './changed-spans.ts'
import { flatContent, flatLength, flatPlace, flatPosition } from './flat-document.ts'
import type { FlatMapping } from './flat-mapping.ts'

/** A stretch of flat text before and after. */
interface FlatSpan {
  readonly fromA: number
  readonly toA: number
  readonly fromB: number
  readonly toB: number
}

/**
 * The operation on flat text that does what happened to the editor's document. Inside a span the two contents are
 * compared, so that replacing a word by one that begins alike keeps the beginning, and a change of marks moves no text.
 *
 * Law: `compose(flatContent(before), localOperation(before, after, spans))` equals `flatContent(after)`.
 */
export function localOperation(before: Node, after: Node, spans: readonly Span[], mapping: FlatMapping): Operation {
  const builder = new OperationBuilder(flatLength(before))
  const flat = spans.map((span) => behindNewline(wholeCharacters(toFlat(span, before, after), before, after), before, after, mapping))
  let at = 0
  flat.forEach((span, index) => {
    const from = Math.max(span.fromA, at)
    builder.retain(from - at)
    writeDifference({ ...span, fromA: from, fromB: span.fromB + from - span.fromA }, before, after, mapping, builder)
    at = span.toA
    const next = flat[index + 1]
    const newline = newlineAfter(before, span.toA)
    if (newline === undefined || (next !== undefined && next.fromA <= newline)) return
    builder.retain(newline - at)
    writeNewlineChange(newline, newline - span.toA + span.toB, before, after, mapping, builder)
    at = newline + 1
  })
  return builder.build()
}

function toFlat({ fromA, toA, fromB, toB }: Span, before: Node, after: Node): FlatSpan {
  return {
    fromA: flatPosition(before, fromA),
    toA: flatPosition(before, toA),
    fromB: flatPosition(after, fromB),
    toB: flatPosition(after, toB),
  }
}

function writeDifference(span: FlatSpan, before: Node, after: Node, mapping: FlatMapping, builder: OperationBuilder): void {
  const removed = flatContent(before, mapping, span.fromA, span.toA)
  const inserted = flatContent(after, mapping, span.fromB, span.toB)
  let at = span.fromA
  for (const component of readComponents(diff(removed, inserted))) {
    switch (component.kind) {
      case 'retain':
        builder.retain(component.length, component.attributes)
        at += component.length
        break
      case 'insert':
        builder.insert(component.text, component.attributes)
        break
      case 'embed':
        builder.insertEmbed(component.embed, component.attributes)
        break
      case 'delete':
        builder.delete(component.length)
        at += component.length
        break
    }
  }
  builder.retain(span.toA - at)
}

/** A block that was joined, split or changed has its attributes on the newline behind what changed. */
function writeNewlineChange(positionA: number, positionB: number, before: Node, after: Node, mapping: FlatMapping, builder: OperationBuilder): void {
  const from = mapping.blockAttributes(before.child(flatPlace(before, positionA).index))
  const to = mapping.blockAttributes(after.child(flatPlace(after, positionB).index))
  builder.retain(1, attributesChange(from, to))
}

/** The newline that ends the line of a gap; undefined behind the last one. */
function newlineAfter(doc: Node, position: number): number | undefined {
  const { index, offset } = flatPlace(doc, position)
  return index === doc.childCount ? undefined : position - offset + doc.child(index).content.size
}

/**
 * Enter at the end of a line: of two equal newlines the old one goes on ending its line, and the new line is new. What
 * somebody else does to that line at the same time then lands on it.
 */
function behindNewline(span: FlatSpan, before: Node, after: Node, mapping: FlatMapping): FlatSpan {
  const { fromA, toA, fromB, toB } = span
  if (fromA !== toA || fromB === toB || newlineAfter(before, fromA) !== fromA || newlineAfter(after, fromB) !== fromB) return span
  const [old, first] = [before.child(flatPlace(before, fromA).index), after.child(flatPlace(after, fromB).index)]
  if (!equalAttributes(mapping.blockAttributes(old), mapping.blockAttributes(first))) return span
  return { fromA: fromA + 1, toA: toA + 1, fromB: fromB + 1, toB: toB + 1 }
}

/** Widens a span whose ends stand within a surrogate pair, on either side, to the whole character. */
function wholeCharacters(span: FlatSpan, before: Node, after: Node): FlatSpan {
  const start = isWithinPair(before, span.fromA) || isWithinPair(after, span.fromB) ? 1 : 0
  const end = isWithinPair(before, span.toA) || isWithinPair(after, span.toB) ? 1 : 0
  return { fromA: span.fromA - start, fromB: span.fromB - start, toA: span.toA + end, toB: span.toB + end }
}

function isWithinPair(doc: Node, position: number): boolean {
  const { index, offset } = flatPlace(doc, position)
  if (index === doc.childCount || offset === 0 || offset === doc.child(index).content.size) return false
  const pair = doc.child(index).textBetween(offset - 1, offset + 1, '', '\ufffc')
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(pair)
}
