import { Plugin } from 'prosemirror-state'
import { Decoration, DecorationSet } from 'prosemirror-view'

/** An empty document says that one may write in it. */
export const placeholder = new Plugin({
  props: {
    decorations: ({ doc }) => {
      const only = doc.firstChild
      if (doc.childCount !== 1 || only === null || only.content.size > 0) return null
      return DecorationSet.create(doc, [Decoration.node(0, only.nodeSize, { class: 'placeholder', 'data-placeholder': 'Write something. Everybody sees it at once.' })])
    },
  },
})
