import type { GrantInfo, Role } from '@concord/client'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { colorOf, nameOf, userIdOf } from '../account/identity.ts'
import { explain } from '../errors.ts'
import { hashOf } from '../route.ts'
import { useSession } from '../session.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { useToast } from '../ui/toasts.tsx'

const ROLES: readonly { readonly role: Role; readonly can: string }[] = [
  { role: 'viewer', can: 'Can view' },
  { role: 'commenter', can: 'Can comment' },
  { role: 'editor', can: 'Can edit' },
  { role: 'owner', can: 'Owner' },
]

interface ShareProps {
  readonly name: string
  readonly title: string
  /** Of the person who looks. */
  readonly role: Role | undefined
  readonly onClose: () => void
}

/** Who may do what, and inviting somebody. */
export function ShareDialog({ name, title, role, onClose }: ShareProps) {
  const { client, identity } = useSession()
  const toast = useToast()
  const [grants, setGrants] = useState<readonly GrantInfo[]>()
  const [problem, setProblem] = useState<string>()
  const load = useCallback(async () => {
    try {
      setGrants((await client.documents.grants(name)).items)
    } catch (error) {
      setProblem(explain(error).title)
    }
  }, [client, name])
  useEffect(() => void load(), [load])
  const give = async (user: string, next: Role | undefined): Promise<boolean> => {
    try {
      await client.documents.share(name, user, next)
      setProblem(undefined)
      return true
    } catch (error) {
      const { title: what, advice } = explain(error)
      setProblem(`${what}. ${advice}`)
      return false
    } finally {
      await load()
    }
  }
  const copyLink = async (): Promise<void> => {
    await navigator.clipboard.writeText(location.origin + '/' + hashOf({ kind: 'document', name }))
    toast({ kind: 'success', title: 'Link copied', detail: 'It opens for everybody in this list.' })
  }
  const footer = (
    <>
      <button type="button" class="button" onClick={() => void copyLink()}>
        <Icon name="copy" size={18} />
        Copy link
      </button>
      <span class="spacer" />
      <button type="button" class="button primary" onClick={onClose}>
        Done
      </button>
    </>
  )
  return (
    <Dialog title={`Share “${title}”`} onClose={onClose} footer={footer} wide>
      {(role === 'owner' || role === 'editor') && <InviteForm role={role} give={give} />}
      <p class="form-problem" role="alert">
        {problem}
      </p>
      <h3 class="section">People with access</h3>
      <ul class="grants">
        {grants?.map((grant) => (
          <GrantRow key={grant.userId} grant={grant} isSelf={grant.userId === identity.user} mayChange={role === 'owner'} give={give} />
        ))}
        {grants === undefined && problem === undefined && <li class="bone line" aria-label="Loading" />}
      </ul>
    </Dialog>
  )
}

function InviteForm({ role, give }: { readonly role: Role; readonly give: (user: string, role: Role) => Promise<boolean> }) {
  const [name, setName] = useState('')
  const [wanted, setWanted] = useState<Role>('editor')
  const user = userIdOf(name)
  const invite = async (): Promise<void> => {
    if (user !== undefined && (await give(user, wanted))) setName('')
  }
  return (
    <form
      class="invite"
      onSubmit={(event) => {
        event.preventDefault()
        void invite()
      }}
    >
      <label class="field grow">
        Name or user id
        <input class="input" autofocus placeholder="Grace Hopper" value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <span class="field">
        <span aria-hidden="true">Role</span>
        <RoleSelect label="Role" value={wanted} roles={ROLES.filter((one) => role === 'owner' || one.role !== 'owner')} onChange={setWanted} />
      </span>
      <button type="submit" class="button primary" disabled={user === undefined}>
        Invite
      </button>
      <p class="hint">{user === undefined ? 'They sign in with the same name.' : `Invites the user ${user}.`}</p>
    </form>
  )
}

interface GrantRowProps {
  readonly grant: GrantInfo
  readonly isSelf: boolean
  readonly mayChange: boolean
  readonly give: (user: string, role: Role | undefined) => Promise<boolean>
}

function GrantRow({ grant, isSelf, mayChange, give }: GrantRowProps) {
  const name = nameOf(grant.userId)
  return (
    <li class="grant">
      <Avatar name={name} color={colorOf(grant.userId)} />
      <span class="grant-text">
        <span class="grant-name">
          {name}
          {isSelf && ' (you)'}
        </span>
        <span class="grant-user">{grant.userId}</span>
      </span>
      {mayChange ? (
        <>
          <RoleSelect label={`Role of ${name}`} value={grant.role} roles={ROLES} onChange={(role) => void give(grant.userId, role)} />
          <button type="button" class="button ghost square" aria-label={`Remove ${name}`} title="Remove" onClick={() => void give(grant.userId, undefined)}>
            <Icon name="close" size={18} />
          </button>
        </>
      ) : (
        <span class={`role ${grant.role}`}>{grant.role}</span>
      )}
    </li>
  )
}

interface RoleSelectProps {
  readonly label: string
  readonly value: Role
  readonly roles: readonly { readonly role: Role; readonly can: string }[]
  readonly onChange: (role: Role) => void
}

function RoleSelect({ label, value, roles, onChange }: RoleSelectProps) {
  return (
    <select class="select" aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value as Role)}>
      {roles.map(({ role, can }) => (
        <option value={role}>{can}</option>
      ))}
    </select>
  )
}
