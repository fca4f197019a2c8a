import { toggleChecked } from '@concord/prosemirror'
import { Plugin } from 'prosemirror-state'

/** Left of the text of a check item is its box. */
export const checkboxClicks = new Plugin({
  props: {
    handleDOMEvents: {
      mousedown: (view, event) => {
        const item = (event.target as HTMLElement).closest?.<HTMLElement>('[data-list=check]')
        if (item === null || item === undefined || !view.editable) return false
        const padding = parseFloat(getComputedStyle(item).paddingLeft)
        const x = event.clientX - item.getBoundingClientRect().left
        if (x > padding || x < padding - 32) return false
        event.preventDefault()
        return toggleChecked(view.posAtDOM(item, 0) - 1)(view.state, view.dispatch)
      },
    },
  },
})
