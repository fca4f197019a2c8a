import { createContext } from 'preact'
import { useContext, useEffect } from 'preact/hooks'
import { Icon, type IconName } from './icon.tsx'

export interface Toast {
  readonly id: number
  readonly kind: 'info' | 'success' | 'warning' | 'danger'
  readonly title: string
  readonly detail?: string | undefined
  /** What a person can do about it; a toast with choices stays until one is taken. */
  readonly actions?: readonly { readonly label: string; readonly run: () => void }[]
}

export type ShowToast = (toast: Omit<Toast, 'id'>) => void

/** Shows a message beside whatever is going on. */
export const ToastContext = createContext<ShowToast>(() => {})

export function useToast(): ShowToast {
  return useContext(ToastContext)
}

/** How long a message without choices stays, in milliseconds: long enough to be read twice. */
const SHOWN_MS = 6_000

const ICONS: Readonly<Record<Toast['kind'], IconName>> = { info: 'info', success: 'saved', warning: 'warning', danger: 'warning' }

export function Toasts({ toasts, dismiss }: { readonly toasts: readonly Toast[]; readonly dismiss: (id: number) => void }) {
  return (
    <section class="toasts" aria-label="Messages" aria-live="polite">
      {toasts.map((toast) => (
        <ToastView key={toast.id} toast={toast} dismiss={() => dismiss(toast.id)} />
      ))}
    </section>
  )
}

function ToastView({ toast, dismiss }: { readonly toast: Toast; readonly dismiss: () => void }) {
  const { kind, title, detail, actions } = toast
  useEffect(() => {
    if (actions !== undefined) return
    const timer = setTimeout(dismiss, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div class={`toast ${kind}`} role={kind === 'danger' ? 'alert' : 'status'}>
      <span class="toast-icon">
        <Icon name={ICONS[kind]} />
      </span>
      <div class="toast-text">
        <strong>{title}</strong>
        {detail !== undefined && <p>{detail}</p>}
        {actions !== undefined && (
          <div class="toast-actions">
            {actions.map(({ label, run }) => (
              <button
                type="button"
                class="button small"
                onClick={() => {
                  dismiss()
                  run()
                }}
              >
                {label}
              </button>
            ))}
          </div>
        )}
      </div>
      <button type="button" class="button ghost square small" aria-label={`Dismiss: ${title}`} onClick={dismiss}>
        <Icon name="close" size={16} />
      </button>
    </div>
  )
}
