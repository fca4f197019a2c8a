import type { Document } from '@concord/client'
import { useEffect, useRef, useState } from 'preact/hooks'
import { colorOf, nameOf } from '../account/identity.ts'
import { useColor } from '../ui/avatar.tsx'
import { Icon } from '../ui/icon.tsx'
import { clock } from '../ui/time.ts'
import { splitNotation } from './notation-parts.ts'
import type { TextRange } from './changed-places.ts'
import type { Edit } from './use-edits.ts'
import { useStatus } from './use-document.ts'

interface PanelProps {
  readonly document: Document
  readonly edits: readonly Edit[]
  readonly onClose: () => void
  readonly onPick: (ranges: readonly TextRange[]) => void
}

/** The log as it grows: what everybody did, in the one order that everybody sees. */
export function LogPanel({ document, edits, onClose, onPick }: PanelProps) {
  const { version } = useStatus(document)
  const [mine, setMine] = useState(true)
  const list = useRef<HTMLOListElement>(null)
  const [away, setAway] = useState(false)
  const shown = mine ? edits : edits.filter((edit) => !edit.own)
  useEffect(() => {
    if (!away) list.current?.scrollTo({ top: 0 })
  }, [edits, away])
  return (
    <aside class="panel" aria-label="Operations">
      <header class="panel-head">
        <h2>Operations</h2>
        <span class="version" title="The version of the text you see">
          v{Math.max(version, edits[0]?.version ?? 0)}
        </span>
        <span class="spacer" />
        <label class="check">
          <input type="checkbox" checked={mine} onChange={(event) => setMine(event.currentTarget.checked)} />
          mine too
        </label>
        <button type="button" class="button ghost square" aria-label="Close operations" onClick={onClose}>
          <Icon name="close" size={18} />
        </button>
      </header>
      {shown.length === 0 ? <p class="nothing">Every edit appears here the moment it has its place in the log.</p> : (
        <ol class="log" ref={list} tabIndex={0} aria-label="Newest first" onScroll={(event) => setAway(event.currentTarget.scrollTop > 24)}>
          {shown.map((edit) => (
            <LogRow key={edit.version} edit={edit} onPick={onPick} />
          ))}
        </ol>
      )}
      {away && (
        <button type="button" class="button small follow" onClick={() => list.current?.scrollTo({ top: 0, behavior: 'smooth' })}>
          Newest
        </button>
      )}
      <footer class="panel-foot">
        <code>5</code> keeps, <code class="insert">+ab</code> inserts, <code class="delete">-3</code> deletes
      </footer>
    </aside>
  )
}

function LogRow({ edit, onPick }: { readonly edit: Edit; readonly onPick: (ranges: readonly TextRange[]) => void }) {
  const ref = useColor<HTMLLIElement>(edit.user === '' ? '#9ca3af' : colorOf(edit.user))
  const who = edit.user === '' ? 'Several people' : nameOf(edit.user)
  return (
    <li ref={ref} class="log-row">
      <button type="button" title="Show in the text" disabled={edit.ranges.length === 0} onClick={() => onPick(edit.ranges)}>
        <span class="log-line">
          <span class="log-version">{edit.count > 1 ? `${edit.version - edit.count + 1}–${edit.version}` : edit.version}</span>
          <span class="log-who">{edit.own ? `${who} (you)` : who}</span>
          <time>{edit.at === 0 ? '' : clock(edit.at)}</time>
        </span>
        <code class="log-notation">
          {splitNotation(edit.notation).map((part, index) => (
            <span key={index} class={part.kind}>
              {part.text}
            </span>
          ))}
        </code>
      </button>
    </li>
  )
}

