import { useState } from 'preact/hooks'
import { useSession } from '../session.ts'
import { chooseTheme, oppositeTheme } from '../theme.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Menu, type MenuItem } from '../ui/menu.tsx'

/** Who one is, the theme, and whatever the page adds. */
export function AccountMenu({ onLeave, extra = [] }: { readonly onLeave: () => void; readonly extra?: readonly MenuItem[] }) {
  const { identity, color } = useSession()
  const [other, setOther] = useState(oppositeTheme)
  const switchTheme = (): void => {
    chooseTheme(other)
    setOther(oppositeTheme())
  }
  const head = (
    <div class="menu-head" role="presentation">
      <Avatar name={identity.name} color={color} size="large" />
      <div>
        <strong>{identity.name}</strong>
        <span>{identity.user}</span>
      </div>
    </div>
  )
  const items: MenuItem[] = [
    ...extra,
    { label: other === 'dark' ? 'Dark theme' : 'Light theme', icon: other === 'dark' ? 'moon' : 'sun', onSelect: switchTheme },
    { label: 'Be somebody else', icon: 'leave', onSelect: onLeave },
  ]
  return <Menu label={`Account: ${identity.name}`} button={<Avatar name={identity.name} color={color} />} buttonClass="button ghost round" head={head} items={items} />
}
