import { type EditorState, PluginKey, type Transaction } from 'prosemirror-state'
import type { Node } from 'prosemirror-model'
import { DecorationSet } from 'prosemirror-view'
import { addStep, type Span } from './changed-spans.ts'

/** What was edited here and has not been handed to the document yet. */
export interface Unsent {
  /** The editor's document before the edits. */
  readonly before: Node
  readonly spans: readonly Span[]
}

export interface BindingState {
  readonly unsent: Unsent | undefined
  readonly cursors: DecorationSet
}

/** What a transaction of the binding itself says. */
export type BindingMeta =
  /** The edits come from the document: nothing to hand on. */
  | { readonly kind: 'shared' }
  | { readonly kind: 'cursors'; readonly cursors: DecorationSet }

export const bindingKey = new PluginKey<BindingState>('concord')

export const EMPTY_STATE: BindingState = { unsent: undefined, cursors: DecorationSet.empty }

/** The binding's part of the next state. `isSent` tells which edits have been handed on meanwhile. */
export function nextBindingState(state: BindingState, tr: Transaction, isSent: (unsent: Unsent) => boolean, before: EditorState): BindingState {
  const meta = tr.getMeta(bindingKey) as BindingMeta | undefined
  const waiting = state.unsent === undefined || isSent(state.unsent) ? undefined : state.unsent
  return { unsent: nextUnsent(waiting, tr, meta, before), cursors: meta?.kind === 'cursors' ? meta.cursors : state.cursors.map(tr.mapping, tr.doc) }
}

function nextUnsent(waiting: Unsent | undefined, tr: Transaction, meta: BindingMeta | undefined, before: EditorState): Unsent | undefined {
  if (!tr.docChanged || meta?.kind === 'shared') return waiting
  return { before: waiting?.before ?? before.doc, spans: tr.steps.reduce(addStep, waiting?.spans ?? []) }
}
