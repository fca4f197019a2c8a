import { completeLink, linkRange, removeLink, setLink } from '@concord/prosemirror'
import { TextSelection } from 'prosemirror-state'
import { useMemo, useState } from 'preact/hooks'
import { Dialog } from '../ui/dialog.tsx'
import type { Editor } from './use-editor.ts'

/** Sets, changes or takes away the link at the selection. */
export function LinkDialog({ editor, onClose }: { readonly editor: Editor; readonly onClose: () => void }) {
  const existing = useMemo(() => linkRange(editor.view.state), [editor])
  const [target, setTarget] = useState(existing?.href ?? '')
  const valid = completeLink(target) !== undefined
  const close = (): void => {
    onClose()
    editor.focus()
  }
  const apply = (): void => {
    const { view } = editor
    if (existing !== undefined && view.state.selection.empty) {
      view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, existing.from, existing.to)))
    }
    setLink(target)(view.state, view.dispatch)
    close()
  }
  return (
    <Dialog title={existing === undefined ? 'Link' : 'Change the link'} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (valid) apply()
        }}
      >
        <label class="field">
          Address
          <input class="input" inputMode="url" placeholder="example.org" value={target} autofocus onInput={(event) => setTarget(event.currentTarget.value)} aria-invalid={target !== '' && !valid} />
        </label>
        <p class="hint">{target === '' || valid ? 'A page (https) or a mail address.' : 'Only pages and mail addresses can be linked.'}</p>
        <footer class="dialog-foot">
          {existing !== undefined && (
            <button
              type="button"
              class="button danger-text"
              onClick={() => {
                removeLink(editor.view.state, editor.view.dispatch)
                close()
              }}
            >
              Remove
            </button>
          )}
          <span class="spacer" />
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={!valid}>
            Apply
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
