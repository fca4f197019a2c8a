import type { Node } from 'prosemirror-model'
import type { EditorState, Transaction } from 'prosemirror-state'
import { bindingKey } from './binding-state.ts'

/** A lone half of a surrogate pair, or a newline within a line. */
const UNFIT = /\n|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/**
 * What no shared text can hold is put right in the transaction that follows: a newline in a line (a paste of preformatted
 * text) becomes two lines, half a character becomes U+FFFD. Looks only at what was edited here.
 */
export function normalise(state: EditorState): Transaction | undefined {
  const unsent = bindingKey.getState(state)?.unsent
  if (unsent === undefined) return undefined
  const found = new Map<number, string>()
  for (const { fromB, toB } of unsent.spans) {
    state.doc.nodesBetween(Math.max(0, fromB - 1), Math.min(state.doc.content.size, toB + 1), (node, position) => collect(node, position, found))
  }
  if (found.size === 0) return undefined
  const { tr } = state
  for (const [position, unit] of [...found].sort(([a], [b]) => b - a)) {
    if (unit === '\n') tr.delete(position, position + 1).split(position)
    else tr.insertText('\ufffd', position, position + 1)
  }
  return tr
}

function collect(node: Node, position: number, found: Map<number, string>): void {
  for (const match of node.text?.matchAll(UNFIT) ?? []) found.set(position + match.index, match[0])
}
