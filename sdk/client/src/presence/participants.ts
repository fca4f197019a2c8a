import { type Operation } from '@concord/ot'
import type { Author, ClientId, Participant, Selection, ServerPresence } from '@concord/protocol'
import type { Commit } from '../session/recent-commits.ts'
import { carry, type Ends } from './carry.ts'

/** Somebody else who is in the document. */
export interface Other {
  readonly clientId: ClientId
  /** Empty when anonymous. */
  readonly userId: string
  readonly name: string
  /** `#rrggbb`. */
  readonly color: string
  readonly activity: 'active' | 'idle' | 'typing'
  /** In the document shown now; absent without focus, or while its version has not arrived. */
  readonly selection?: Ends
  /** The application's own fields, as JSON text; empty when it has none. */
  readonly data: string
}

/** What of the document is needed to place a selection that names an older version. */
export interface View {
  /** Version of S. */
  readonly version: number
  /** Length of what is shown. */
  readonly length: number
  readonly pending: Operation | undefined
  commitsAfter(version: number): readonly Commit[] | undefined
}

interface Entry {
  readonly participant: Participant
  /** In the document shown. */
  place: Ends | undefined
  /** Of a version that has not arrived yet. */
  ahead: Selection | undefined
}

/** The others in a document, their selections carried along with every change of what is shown. */
export class Participants {
  private readonly entries = new Map<ClientId, Entry>()

  list(): readonly Other[] {
    return Array.from(this.entries.values(), ({ participant, place }) => {
      const { name, color, activity, data } = participant.state
      return { clientId: participant.clientId, userId: participant.userId, name, color, activity, data, ...(place === undefined ? {} : { selection: place }) }
    })
  }

  /** The server's word about who came, changed, left. */
  update(presence: ServerPresence, view: View): void {
    for (const participant of presence.updated) {
      const selection = participant.state.selection
      const entry: Entry = { participant, place: undefined, ahead: selection }
      this.place(entry, view)
      this.entries.set(participant.clientId, entry)
    }
    for (const clientId of presence.left) this.entries.delete(clientId)
  }

  /** What is shown changed. An author's own insert takes the caret along, anybody else's leaves it before. Returns whether anything moved. */
  changed(operation: Operation, author: Author | undefined): boolean {
    let moved = false
    for (const entry of this.entries.values()) {
      if (entry.place === undefined) continue
      entry.place = carry(entry.place, operation, entry.participant.clientId === author?.clientId ? 'right' : 'left')
      moved = true
    }
    return moved
  }

  /** A version arrived: selections that were ahead of this client may have a place now. */
  arrived(view: View): boolean {
    let placed = false
    for (const entry of this.entries.values()) {
      if (entry.ahead === undefined || entry.ahead.version > view.version) continue
      this.place(entry, view)
      placed = true
    }
    return placed
  }

  clear(): void {
    this.entries.clear()
  }

  private place(entry: Entry, view: View): void {
    const selection = entry.ahead
    if (selection === undefined || selection.version > view.version) return
    entry.ahead = undefined
    const commits = view.commitsAfter(selection.version)
    let ends: Ends = selection
    for (const { operation, author } of commits ?? []) ends = carry(ends, operation, author.clientId === entry.participant.clientId ? 'right' : 'left')
    if (view.pending !== undefined && commits !== undefined) ends = carry(ends, view.pending, 'left')
    // Of a history that is not kept only the end of the document is sure.
    entry.place = { anchor: Math.min(ends.anchor, view.length), head: Math.min(ends.head, view.length) }
  }
}
