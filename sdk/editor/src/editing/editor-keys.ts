import type { Document } from '@concord/client'
import {
  indentBy,
  insertBreak,
  leaveParagraph,
  redo,
  removeLink,
  richTextSchema,
  setHeading,
  splitParagraph,
  toggleChecked,
  toggleCodeBlock,
  toggleList,
  toggleQuote,
  undo,
} from '@concord/prosemirror'
import { toggleMark } from 'prosemirror-commands'
import type { Command } from 'prosemirror-state'

const { marks } = richTextSchema

/** A tab in code; in a list one step in. Anywhere else Tab leaves the text, as it does on every page. */
const tab: Command = (state, dispatch, view) => {
  const { list, code } = state.selection.$from.parent.attrs
  if (list !== null) return indentBy(1)(state, dispatch, view) || true
  if (code === null) return false
  dispatch?.(state.tr.insertText('\t'))
  return true
}

const shiftTab: Command = (state, dispatch, view) => {
  const { list, indent } = state.selection.$from.parent.attrs
  return list !== null || indent !== null ? indentBy(-1)(state, dispatch, view) || true : false
}

const tickItem: Command = (state, dispatch, view) => toggleChecked(state.selection.$from.before(1))(state, dispatch, view)

/** Keys of the editor; `Mod` is Command on a Mac and Ctrl elsewhere. `link` asks for a target. */
export function editorKeys(document: Document, link: () => void): Record<string, Command> {
  const askForLink: Command = (_state, dispatch) => {
    if (dispatch !== undefined) link()
    return true
  }
  return {
    'Mod-z': undo(document),
    'Mod-Shift-z': redo(document),
    'Mod-y': redo(document),
    'Mod-b': toggleMark(marks['bold']!),
    'Mod-i': toggleMark(marks['italic']!),
    'Mod-u': toggleMark(marks['underline']!),
    'Mod-Shift-x': toggleMark(marks['strike']!),
    'Mod-e': toggleMark(marks['code']!),
    'Mod-k': askForLink,
    'Mod-Shift-k': removeLink,
    'Mod-Alt-0': setHeading(null),
    'Mod-Alt-1': setHeading(1),
    'Mod-Alt-2': setHeading(2),
    'Mod-Alt-3': setHeading(3),
    'Mod-Shift-7': toggleList('ordered'),
    'Mod-Shift-8': toggleList('bullet'),
    'Mod-Shift-9': toggleList('check'),
    'Mod-Shift-.': toggleQuote,
    'Mod-Alt-c': toggleCodeBlock,
    'Mod-]': indentBy(1),
    'Mod-[': indentBy(-1),
    'Mod-Enter': tickItem,
    Tab: tab,
    'Shift-Tab': shiftTab,
    Enter: splitParagraph,
    'Shift-Enter': insertBreak,
    Backspace: leaveParagraph,
  }
}
