import type { Document } from '@concord/client'
import { concordPlugin, createState } from '@concord/prosemirror'
import { baseKeymap } from 'prosemirror-commands'
import { inputRules } from 'prosemirror-inputrules'
import { keymap } from 'prosemirror-keymap'
import type { EditorState } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import { useEffect, useState } from 'preact/hooks'
import { useSession } from '../session.ts'
import { checkboxClicks } from './checkbox-clicks.ts'
import { editorKeys } from './editor-keys.ts'
import { highlightPlugin } from './highlight.ts'
import { openLinks } from './open-links.ts'
import { placeholder } from './placeholder.ts'
import { trackActivity } from './track-activity.ts'
import { typingRules } from './typing-rules.ts'

/** The editor of one document, with a way to hear of every state. */
export interface Editor {
  readonly view: EditorView
  /** Where the view lives; the surface puts it into the page. */
  readonly root: HTMLElement
  onState(listener: (state: EditorState) => void): () => void
  /** Asks for a link at the selection; the toolbar answers. */
  onLink: () => void
  focus(): void
}

/** Makes the editor when the document opens and ends it with the page. */
export function useEditor(document: Document): Editor | undefined {
  const { identity, color } = useSession()
  const [editor, setEditor] = useState<Editor>()
  useEffect(() => {
    const stopTracking = trackActivity(document.presence, { name: identity.name, color })
    const made = createEditor(document)
    setEditor(made)
    return () => {
      setEditor(undefined)
      made.view.destroy()
      stopTracking()
    }
  }, [document, identity, color])
  return editor
}

function createEditor(shared: Document): Editor {
  const root = document.createElement('div')
  root.className = 'editor-root'
  const listeners = new Set<(state: EditorState) => void>()
  let askForLink = (): void => {}
  const plugins = [
    concordPlugin(shared, { presence: shared.presence, editable: () => shared.status.canEdit, onRepair: (reason) => console.error(`editor repaired: ${reason}`) }),
    inputRules({ rules: [...typingRules] }),
    keymap(editorKeys(shared, () => askForLink())),
    keymap(baseKeymap),
    highlightPlugin,
    checkboxClicks,
    openLinks,
    placeholder,
  ]
  const view: EditorView = new EditorView(root, {
    state: createState(shared, plugins),
    attributes: { id: 'text', role: 'textbox', 'aria-multiline': 'true', 'aria-label': 'Text of the document', spellcheck: 'true' },
    dispatchTransaction: (tr) => {
      view.updateState(view.state.apply(tr))
      for (const listener of listeners) listener(view.state)
    },
  })
  return {
    view,
    root,
    onState: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    get onLink() {
      return askForLink
    },
    set onLink(ask) {
      askForLink = ask
    },
    focus: () => view.focus(),
  }
}

/** The state of the editor, for what has to follow it. */
export function useEditorState(editor: Editor | undefined): EditorState | undefined {
  const [state, setState] = useState(editor?.view.state)
  useEffect(() => {
    setState(editor?.view.state)
    return editor?.onState(setState)
  }, [editor])
  return state
}
