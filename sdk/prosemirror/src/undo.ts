import type { Command } from 'prosemirror-state'

/** The undo of a document: per user, over everybody's edits. */
export interface UndoableDocument {
  undo(): void
  redo(): void
}

/** Takes back the last edit of this user. The change comes back through the binding, which puts the caret there. */
export function undo(document: UndoableDocument): Command {
  return (_state, dispatch) => {
    if (dispatch !== undefined) document.undo()
    return true
  }
}

export function redo(document: UndoableDocument): Command {
  return (_state, dispatch) => {
    if (dispatch !== undefined) document.redo()
    return true
  }
}
