import { Dialog } from './dialog.tsx'

interface ConfirmProps {
  readonly title: string
  readonly text: string
  /** Of the button that does it. */
  readonly action: string
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, text, action, onConfirm, onClose }: ConfirmProps) {
  const footer = (
    <>
      <button type="button" class="button" onClick={onClose}>
        Cancel
      </button>
      <button
        type="button"
        class="button danger"
        autofocus
        onClick={() => {
          onClose()
          onConfirm()
        }}
      >
        {action}
      </button>
    </>
  )
  return (
    <Dialog title={title} onClose={onClose} footer={footer} role="alertdialog">
      <p class="dialog-text">{text}</p>
    </Dialog>
  )
}
