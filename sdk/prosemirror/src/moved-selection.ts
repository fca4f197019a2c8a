import { TextSelection } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'

/**
 * The selection of the page where the state does not have it yet. A browser moves the caret first and tells a moment
 * later; a transaction in between would put the caret back to where the state has it, and a key press would be lost.
 */
export function movedSelection(view: unknown): TextSelection | undefined {
  if (!(view instanceof EditorView) || view.composing || !view.hasFocus()) return undefined
  const selection = view.dom.ownerDocument.getSelection()
  if (selection === null || !isWithin(view.dom, selection.anchorNode) || !isWithin(view.dom, selection.focusNode)) return undefined
  const { doc, selection: current } = view.state
  if (!(current instanceof TextSelection)) return undefined
  const anchor = view.posAtDOM(selection.anchorNode!, selection.anchorOffset)
  const head = view.posAtDOM(selection.focusNode!, selection.focusOffset)
  if (anchor === current.anchor && head === current.head) return undefined
  if (Math.max(anchor, head) > doc.content.size) return undefined
  const [from, to] = [doc.resolve(anchor), doc.resolve(head)]
  return from.parent.inlineContent && to.parent.inlineContent ? new TextSelection(from, to) : undefined
}

/** Inside a line; at the editor itself a browser only parks the caret. */
function isWithin(editor: HTMLElement, node: Node | null): boolean {
  return node !== null && node !== editor && editor.contains(node)
}
