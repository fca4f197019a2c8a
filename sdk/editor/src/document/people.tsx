import type { Document, Other } from '@concord/client'
import { useEffect, useState } from 'preact/hooks'
import { colorOf, nameOf } from '../account/identity.ts'
import { useSession } from '../session.ts'
import { Avatar } from '../ui/avatar.tsx'

/** Avatars before "and more". */
const SHOWN = 4

/** Who else is here. */
export function People({ document }: { readonly document: Document }) {
  const { identity } = useSession()
  const [others, setOthers] = useState(document.presence.others)
  useEffect(() => {
    setOthers(document.presence.others)
    return document.presence.on('change', setOthers)
  }, [document])
  const people = group(others, identity.user)
  const label = people.length === 0 ? 'Nobody else is here' : `Also here: ${people.map(({ name }) => name).join(', ')}`
  return (
    <ul class="people" aria-label={label} aria-live="polite">
      {people.slice(0, SHOWN).map((person) => (
        <li key={person.key} title={person.title}>
          <Avatar name={person.name} color={person.color} dimmed={person.activity === 'idle'} />
          {person.activity === 'typing' && <span class="typing" aria-hidden="true" />}
          <span class="sr">{person.title}</span>
        </li>
      ))}
      {people.length > SHOWN && (
        <li class="more" title={people.slice(SHOWN).map(({ name }) => name).join(', ')}>
          +{people.length - SHOWN}
        </li>
      )}
    </ul>
  )
}

interface Person {
  readonly key: string
  readonly name: string
  readonly color: string
  readonly activity: Other['activity']
  readonly title: string
}

/** Two tabs of one person are one person. */
function group(others: readonly Other[], self: string): readonly Person[] {
  const people = new Map<string, Person>()
  for (const other of others) {
    const key = other.userId === '' ? other.clientId : other.userId
    const name = other.name !== '' ? other.name : other.userId === '' ? 'Anonymous' : nameOf(other.userId)
    const shown = other.userId === self ? `${name} (you, elsewhere)` : name
    people.set(key, { key, name, color: other.color === '' ? colorOf(key) : other.color, activity: other.activity, title: `${shown}, ${other.activity}` })
  }
  return [...people.values()]
}
