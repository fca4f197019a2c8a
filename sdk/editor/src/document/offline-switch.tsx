import { Icon } from '../ui/icon.tsx'

/** Cuts the connection on purpose: to see that nothing is lost. */
export function OfflineSwitch({ offline, onChange }: { readonly offline: boolean; readonly onChange: (offline: boolean) => void }) {
  const label = offline ? 'Go online' : 'Work offline'
  return (
    <button type="button" class={offline ? 'button ghost square pressed warn' : 'button ghost square'} role="switch" aria-checked={offline} aria-label="Work offline" title={label} onClick={() => onChange(!offline)}>
      <Icon name={offline ? 'offline' : 'online'} />
    </button>
  )
}
