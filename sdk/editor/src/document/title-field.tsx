import { useEffect, useState } from 'preact/hooks'
import { explain } from '../errors.ts'
import { useSession } from '../session.ts'
import { useToast } from '../ui/toasts.tsx'

interface TitleProps {
  readonly name: string
  readonly title: string
  readonly editable: boolean
}

/** The title, edited in place: Enter keeps, Escape takes back. */
export function TitleField({ name, title, editable }: TitleProps) {
  const { client } = useSession()
  const toast = useToast()
  const [wanted, setWanted] = useState(title)
  useEffect(() => setWanted(title), [title])
  const rename = async (): Promise<void> => {
    const next = wanted.trim()
    if (next === '' || next === title) return setWanted(title)
    try {
      await client.documents.rename(name, next)
    } catch (error) {
      setWanted(title)
      const { title: what, advice } = explain(error)
      toast({ kind: 'danger', title: what, detail: advice })
    }
  }
  if (!editable) return <h1 class="title-fixed">{title}</h1>
  return (
    <span class="title-box" data-text={wanted}>
      <input
        class="title-input"
        aria-label="Title"
        maxLength={200}
        size={1}
        value={wanted}
        onInput={(event) => setWanted(event.currentTarget.value)}
        onBlur={() => void rename()}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setWanted(title)
          if (event.key === 'Enter' && !event.isComposing) event.currentTarget.blur()
        }}
      />
    </span>
  )
}
