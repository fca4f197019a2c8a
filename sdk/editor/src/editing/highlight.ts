import { cursorPosition } from '@concord/prosemirror'
import { Plugin, PluginKey } from 'prosemirror-state'
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view'

const KEY = new PluginKey<DecorationSet>('highlight')

/** How long a place is marked, in milliseconds; the style fades it. */
const SHOWN_MS = 1_800

/** Marks places for a moment. */
export const highlightPlugin = new Plugin<DecorationSet>({
  key: KEY,
  state: {
    init: () => DecorationSet.empty,
    apply: (tr, set) => (tr.getMeta(KEY) as DecorationSet | undefined) ?? set.map(tr.mapping, tr.doc),
  },
  props: { decorations: (state) => KEY.getState(state) },
})

/** Shows what an operation touched, and brings it into view. Positions in the flat text. */
export function highlightRanges(view: EditorView, ranges: readonly { readonly from: number; readonly to: number }[]): void {
  const { doc } = view.state
  const places = ranges.map(({ from, to }) => ({ from: cursorPosition(doc, from), to: cursorPosition(doc, to) }))
  const marks = places.map(({ from, to }) =>
    from < to ? Decoration.inline(from, to, { class: 'flash' }) : Decoration.widget(from, spot, { side: -1, key: `spot ${from}` }),
  )
  view.dispatch(view.state.tr.setMeta(KEY, DecorationSet.create(doc, marks)))
  view.dom.querySelector('.flash')?.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' })
  setTimeout(() => view.isDestroyed || view.dispatch(view.state.tr.setMeta(KEY, DecorationSet.empty)), SHOWN_MS)
}

/** Where something was taken away there is nothing to mark but the place. */
function spot(): HTMLElement {
  const dom = document.createElement('span')
  dom.className = 'flash spot'
  return dom
}
