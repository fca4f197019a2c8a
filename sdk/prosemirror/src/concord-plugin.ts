import { EditorState, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { Binding, type BindingOptions, type BoundView } from './binding.ts'
import { type BindingMeta, type BindingState, bindingKey, EMPTY_STATE, nextBindingState, type Unsent } from './binding-state.ts'
import type { CollaborativeDocument } from './collaborative-document.ts'
import { documentOf } from './flat-document.ts'
import type { FlatMapping } from './flat-mapping.ts'
import { movedSelection } from './moved-selection.ts'
import { normalise } from './normalise.ts'
import { readPlainText } from './plain-text.ts'
import { richText } from './rich-text.ts'

export interface ConcordPluginOptions extends BindingOptions {
  /** For a schema of your own; default: {@link richText}. */
  readonly mapping?: FlatMapping
}

/**
 * Binds an editor to a shared document, both ways: what is typed becomes operations, what others do becomes transactions
 * that move selections exactly. Undo belongs to the document (`doc.undo()`): leave `prosemirror-history` out.
 *
 * In Tiptap: an extension whose `addProseMirrorPlugins` returns `[concordPlugin(doc, { mapping })]`.
 */
export function concordPlugin(document: CollaborativeDocument, options: ConcordPluginOptions = {}): Plugin<BindingState> {
  const mapping = options.mapping ?? richText
  const editable = options.editable ?? (() => true)
  const sent = new WeakSet<Unsent>()
  let binding: Binding | undefined
  return new Plugin<BindingState>({
    key: bindingKey,
    state: {
      init: () => EMPTY_STATE,
      apply: (tr, state, before) => nextBindingState(state, tr, (unsent) => sent.has(unsent), before),
    },
    view: (view) => (binding = bind(view, document, mapping, options, sent)),
    filterTransaction: (tr) => !tr.docChanged || isShared(tr.getMeta(bindingKey)) || editable(),
    appendTransaction: (transactions, _before, state) => (transactions.some((tr) => tr.docChanged && !isShared(tr.getMeta(bindingKey))) ? normalise(state) : undefined),
    props: {
      editable,
      handleDOMEvents: { focus: () => binding?.focus(), keydown: catchUp },
      decorations: (state) => bindingKey.getState(state)?.cursors,
      clipboardTextParser: readPlainText,
      clipboardTextSerializer: (slice) => slice.content.textBetween(0, slice.content.size, '\n'),
    },
  })
}

/** A state whose document already shows the shared text. */
export function createState(document: CollaborativeDocument, plugins: readonly Plugin[], mapping: FlatMapping = richText): EditorState {
  return EditorState.create({ doc: documentOf(document.text.runs(), mapping), plugins })
}

function bind(view: BoundView, document: CollaborativeDocument, mapping: FlatMapping, options: BindingOptions, sent: WeakSet<Unsent>): Binding {
  return new Binding(view, document, mapping, options, (unsent) => {
    if (sent.has(unsent)) return false
    sent.add(unsent)
    return true
  })
}

/** A key acts on the selection that a person sees, also when keys come faster than the browser tells of selections. */
function catchUp(view: EditorView): void {
  const moved = movedSelection(view)
  if (moved !== undefined) view.dispatch(view.state.tr.setSelection(moved))
}

function isShared(meta: BindingMeta | undefined): boolean {
  return meta?.kind === 'shared'
}
