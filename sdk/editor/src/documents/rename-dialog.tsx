import { useState } from 'preact/hooks'
import { Dialog } from '../ui/dialog.tsx'

interface RenameProps {
  readonly title: string
  readonly onRename: (title: string) => Promise<void>
  readonly onClose: () => void
}

export function RenameDialog({ title, onRename, onClose }: RenameProps) {
  const [wanted, setWanted] = useState(title)
  return (
    <Dialog title="Rename" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onClose()
          if (wanted.trim() !== '' && wanted.trim() !== title) void onRename(wanted.trim())
        }}
      >
        <label class="field">
          Title
          <input class="input" maxLength={200} value={wanted} autofocus onFocus={(event) => event.currentTarget.select()} onInput={(event) => setWanted(event.currentTarget.value)} />
        </label>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={wanted.trim() === ''}>
            Rename
          </button>
        </footer>
      </form>
    </Dialog>
  )
}
