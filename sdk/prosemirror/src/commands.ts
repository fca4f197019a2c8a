import type { Node } from 'prosemirror-model'
import { type Command, type EditorState, TextSelection } from 'prosemirror-state'
import { completeLink } from './attribute-values.ts'
import { MAX_INDENT } from './rich-text-nodes.ts'

/** Commands for the rich-text schema, in ProseMirror's shape: without `dispatch` they only tell whether they would do something. */

export type ListKind = 'bullet' | 'ordered' | 'check'

export type Alignment = 'left' | 'center' | 'right' | 'justify'

/** Attributes of a plain paragraph. */
const PLAIN = { heading: null, list: null, checked: null, indent: null, quote: null, code: null }

/** Makes the selected paragraphs headings of a level; null makes them plain. */
export function setHeading(level: 1 | 2 | 3 | 4 | 5 | 6 | null): Command {
  return setOnBlocks(() => (level === null ? PLAIN : { ...PLAIN, heading: level }))
}

/** Makes the selected paragraphs items of a list; plain again when all of them are. */
export function toggleList(kind: ListKind): Command {
  return (state, dispatch) => {
    const off = selectedBlocks(state).every(({ node }) => node.attrs['list'] === kind)
    return setOnBlocks(() => (off ? { list: null, checked: null, indent: null } : { list: kind, checked: null, heading: null, code: null }))(state, dispatch)
  }
}

export const toggleQuote: Command = (state, dispatch) => {
  const off = selectedBlocks(state).every(({ node }) => node.attrs['quote'] === true)
  return setOnBlocks(() => ({ quote: off ? null : true }))(state, dispatch)
}

export const toggleCodeBlock: Command = (state, dispatch) => {
  const off = selectedBlocks(state).every(({ node }) => node.attrs['code'] !== null)
  return setOnBlocks(() => (off ? { code: null } : { ...PLAIN, code: true }))(state, dispatch)
}

/** Null is the default of the language. */
export function setAlign(align: Alignment | null): Command {
  return setOnBlocks(() => ({ align }))
}

/** Moves the selected paragraphs one step in (1) or out (-1). */
export function indentBy(step: 1 | -1): Command {
  return setOnBlocks((node) => {
    const indent = Math.min(MAX_INDENT, Math.max(0, Number(node.attrs['indent'] ?? 0) + step))
    return { indent: indent === 0 ? null : indent }
  })
}

/** Ticks or unticks the check item at a position before it. */
export function toggleChecked(position: number): Command {
  return (state, dispatch) => {
    const node = state.doc.nodeAt(position)
    if (node?.attrs['list'] !== 'check') return false
    dispatch?.(state.tr.setNodeAttribute(position, 'checked', node.attrs['checked'] === true ? null : true))
    return true
  }
}

/** Enter: a new paragraph like this one, but an empty item leaves its list, and nothing but text follows a heading. */
export const splitParagraph: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  const block = $from.parent
  if (!block.isTextblock) return false
  if (empty && block.content.size === 0 && isSpecial(block)) return leaveParagraph(state, dispatch)
  if (dispatch === undefined) return true
  const tr = state.tr.deleteSelection()
  const place = tr.selection.$from
  const atEnd = place.parentOffset === place.parent.content.size
  tr.split(place.pos)
  const next = tr.doc.resolve(tr.mapping.slice(tr.steps.length - 1).map(place.pos)).before()
  if (atEnd && block.attrs['heading'] !== null) tr.setNodeAttribute(next, 'heading', null)
  if (block.attrs['checked'] !== null) tr.setNodeAttribute(next, 'checked', null)
  dispatch(tr.scrollIntoView())
  return true
}

/** Backspace at the start of a paragraph that is more than text: first it becomes text. */
export const leaveParagraph: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  if (!empty || $from.parentOffset > 0 || !isSpecial($from.parent)) return false
  const { indent, list } = $from.parent.attrs
  const change = indent !== null ? { indent: indent > 1 ? indent - 1 : null } : list !== null ? { list: null, checked: null } : PLAIN
  return setOnBlocks(() => change)(state, dispatch)
}

/** Puts a link on the selection, or on the typed target itself when nothing is selected; false when it is no target. */
export function setLink(typed: string): Command {
  return (state, dispatch) => {
    const href = completeLink(typed)
    if (href === undefined) return false
    const mark = state.schema.marks['link']!.create({ href })
    const { from, to, empty } = state.selection
    const tr = empty ? state.tr.replaceSelectionWith(state.schema.text(typed.trim(), [mark]), false) : state.tr.addMark(from, to, mark)
    dispatch?.(tr.scrollIntoView())
    return true
  }
}

/** Takes links off the selection, or the whole link around the caret. */
export const removeLink: Command = (state, dispatch) => {
  const range = linkRange(state) ?? state.selection
  if (range.from === range.to) return false
  dispatch?.(state.tr.removeMark(range.from, range.to, state.schema.marks['link']))
  return true
}

/** The link at the caret or the start of the selection. */
export function linkRange(state: EditorState): { readonly from: number; readonly to: number; readonly href: string } | undefined {
  const { $from } = state.selection
  const at = (index: number) => $from.parent.maybeChild(index)?.marks.find((mark) => mark.type.name === 'link')
  const index = at($from.index()) === undefined ? $from.index() - 1 : $from.index()
  const mark = at(index)
  if (mark === undefined) return undefined
  let [first, last] = [index, index]
  while (first > 0 && at(first - 1)?.eq(mark)) first--
  while (at(last + 1)?.eq(mark)) last++
  const from = $from.posAtIndex(first)
  return { from, to: $from.posAtIndex(last + 1), href: String(mark.attrs['href']) }
}

/** Colours the selection, or what is typed next; null takes the colour away. */
export function setColor(color: string | null): Command {
  return (state, dispatch) => {
    const type = state.schema.marks['color']!
    const { from, to, empty } = state.selection
    const { tr } = state
    if (empty) color === null ? tr.removeStoredMark(type) : tr.addStoredMark(type.create({ color }))
    else color === null ? tr.removeMark(from, to, type) : tr.addMark(from, to, type.create({ color }))
    dispatch?.(tr)
    return true
  }
}

/** Shift-Enter: a new line in the same paragraph. */
export const insertBreak: Command = (state, dispatch) => {
  const node = state.schema.nodes['embed']!.create({ type: 'break', data: 'null' })
  dispatch?.(state.tr.replaceSelectionWith(node).scrollIntoView())
  return true
}

/** Puts a dividing line on a paragraph of its own. */
export const insertDivider: Command = (state, dispatch) => {
  const { embed, paragraph } = state.schema.nodes
  const { tr } = state
  tr.deleteSelection()
  const { $from } = tr.selection
  const line = paragraph!.create(null, embed!.create({ type: 'divider', data: 'null' }))
  const after = $from.after()
  tr.insert(after, [line, paragraph!.create()])
  tr.setSelection(TextSelection.create(tr.doc, after + line.nodeSize + 1))
  dispatch?.(tr.scrollIntoView())
  return true
}

/** The textblocks that a selection touches, with the positions before them. */
export function selectedBlocks(state: EditorState): { readonly node: Node; readonly position: number }[] {
  const blocks: { node: Node; position: number }[] = []
  state.doc.nodesBetween(state.selection.from, state.selection.to, (node, position) => {
    if (node.isTextblock) blocks.push({ node, position })
    return !node.isTextblock
  })
  return blocks
}

function setOnBlocks(change: (node: Node) => Record<string, unknown>): Command {
  return (state, dispatch) => {
    const { tr } = state
    for (const { node, position } of selectedBlocks(state)) {
      for (const [name, value] of Object.entries(change(node))) if (node.attrs[name] !== value) tr.setNodeAttribute(position, name, value)
    }
    if (tr.steps.length === 0) return false
    dispatch?.(tr)
    return true
  }
}

function isSpecial(block: Node): boolean {
  return Object.keys(PLAIN).some((name) => block.attrs[name] !== null)
}
