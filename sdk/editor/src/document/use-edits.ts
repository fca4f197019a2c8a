import type { Document, Operation } from '@concord/client'
import { transformRange } from '@concord/ot'
import { useEffect, useState } from 'preact/hooks'
import { useSession } from '../session.ts'
import { changedPlaces, type TextRange } from './changed-places.ts'
import { loadEdits } from './load-edits.ts'

/** One line of the log, for people. */
export interface Edit {
  readonly version: number
  /** Versions in a group that arrived as one. */
  readonly count: number
  readonly user: string
  readonly notation: string
  /** Milliseconds since 1970; 0 when not known. */
  readonly at: number
  readonly own: boolean
  /** What it touched, carried through later edits: in the text as confirmed now. */
  readonly ranges: readonly TextRange[]
}

/** Lines kept: enough to scroll back through a session. */
const MAX_EDITS = 500

/** Ranges are carried for the newest lines only; an old place says little. */
const CARRIED = 100

/** The log of a document, newest first, from some versions back and then live. */
export function useEdits(document: Document): readonly Edit[] {
  const { client, identity } = useSession()
  const [edits, setEdits] = useState<readonly Edit[]>([])
  useEffect(() => {
    let current = true
    setEdits([])
    const unsubscribe = document.on('committed', (event) => {
      const edit: Edit = {
        version: event.version,
        count: event.count,
        user: event.own ? identity.user : (event.author?.userId ?? ''),
        notation: event.notation,
        at: event.at ?? 0,
        own: event.own,
        ranges: changedPlaces(event.operation),
      }
      setEdits((before) => add(before, edit, event.operation))
    })
    loadEdits(document.name, document.version, identity).then(
      (earlier) => current && setEdits((live) => merge(live, earlier)),
      // The log is a view of what happened; a document without it works.
      () => {},
    )
    return () => {
      current = false
      unsubscribe()
    }
  }, [document, client, identity])
  return edits
}

function add(before: readonly Edit[], edit: Edit, operation: Operation): readonly Edit[] {
  if (before.some((other) => other.version === edit.version)) return before
  const carried = before.slice(0, MAX_EDITS - 1).map((other, index) => {
    if (index >= CARRIED || other.ranges.length === 0) return other
    return { ...other, ranges: other.ranges.map((range) => transformRange(range, operation)) }
  })
  return [edit, ...carried]
}

function merge(live: readonly Edit[], earlier: readonly Edit[]): readonly Edit[] {
  const first = live[live.length - 1]
  const before = first === undefined ? earlier : earlier.filter(({ version }) => version < first.version)
  return [...live, ...before].slice(0, MAX_EDITS)
}
