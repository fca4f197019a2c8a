import { isSafeLink } from '@concord/prosemirror'
import { Plugin } from 'prosemirror-state'

/** A click writes into a link; with Ctrl or Command, or where nobody may write, it opens it. */
export const openLinks = new Plugin({
  props: {
    handleClick: (view, _position, event) => {
      const link = (event.target as HTMLElement).closest?.('a')
      const href = link?.getAttribute('href')
      if (!isSafeLink(href) || !(event.ctrlKey || event.metaKey || !view.editable)) return false
      window.open(href, '_blank', 'noopener,noreferrer')
      return true
    },
  },
})
