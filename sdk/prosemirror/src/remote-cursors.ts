import type { Node } from 'prosemirror-model'
import { Decoration, DecorationSet } from 'prosemirror-view'
import { isColor } from './attribute-values.ts'
import type { RemoteCursor } from './collaborative-document.ts'
import { cursorPosition } from './flat-document.ts'

/** Shown when a peer's colour is none. */
const GREY = '#6b7280'

/** Alpha of a selection, as two hexadecimal digits. */
const SELECTION_ALPHA = '38'

/**
 * Carets with names and the selections behind them. `place` turns a position of the shared text into one of the flat text
 * of `doc`. Keys make an unchanged caret keep its DOM, so that it can glide instead of blinking.
 */
export function cursorDecorations(doc: Node, cursors: Iterable<RemoteCursor>, place: (position: number) => number): DecorationSet {
  const decorations: Decoration[] = []
  for (const cursor of cursors) {
    if (cursor.selection === undefined) continue
    const head = cursorPosition(doc, place(cursor.selection.head))
    const anchor = cursorPosition(doc, place(cursor.selection.anchor))
    const color = isColor(cursor.color) ? cursor.color : GREY
    const range = { style: `background-color: ${color}${SELECTION_ALPHA}`, class: 'concord-selection' }
    if (head !== anchor) decorations.push(Decoration.inline(Math.min(head, anchor), Math.max(head, anchor), range, { cursor: cursor.clientId }))
    const key = `${cursor.clientId} ${color} ${cursor.name}`
    decorations.push(Decoration.widget(head, () => caret(cursor.name === '' ? 'Anonymous' : cursor.name, color), { key, side: 10, ignoreSelection: true, cursor: cursor.clientId }))
  }
  return DecorationSet.create(doc, decorations)
}

/** Empty, so that no caret can stop within it: the name is drawn by the style sheet. */
function caret(name: string, color: string): HTMLElement {
  const dom = document.createElement('span')
  dom.className = 'concord-cursor'
  dom.style.setProperty('--cursor-color', color)
  dom.dataset['name'] = name
  dom.setAttribute('aria-hidden', 'true')
  return dom
}

/** `fresh` outside of a stretch and `kept` inside it: nothing is redrawn where an input method is composing. */
export function withoutTouching(fresh: DecorationSet, kept: DecorationSet, doc: Node, from: number, to: number): DecorationSet {
  const inside = (decoration: Decoration): boolean => decoration.to >= from && decoration.from <= to
  return DecorationSet.create(doc, [...fresh.find().filter((one) => !inside(one)), ...kept.find().filter(inside)])
}
