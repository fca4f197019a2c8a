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

/** An edit that selections have not passed yet. */
interface Passing {
  readonly operation: Operation
  readonly clientId: ClientId | undefined
}

/** Edits that wait at most for somebody to ask where selections are. */
const MOST_PASSING = 64

/** The others in a document, their selections carried along with every change of what is shown. */
export class Participants {
  private readonly entries = new Map<ClientId, Entry>()
  /** Edits pass all selections together when somebody asks: a crowd that types costs once a frame, not once an edit. */
  private passing: Passing[] = []
  /** Some selection is at another place than when {@link takeMoved} was asked last. */
  private moved = false
  /** Some selections are of versions that have not arrived. */
  private areAhead = false
  /** Made when somebody asks, kept until something changes. */
  private listed: readonly Other[] | undefined

  get size(): number {
    return this.entries.size
  }

  list(): readonly Other[] {
    this.pass()
    return (this.listed ??= this.made())
  }

  private made(): readonly Other[] {
    return Array.from(this.entries.values(), ({ participant, place }) => {
      const { clientId, userId, state } = participant
      const { name, color, activity, data } = state
      return place === undefined ? { clientId, userId, name, color, activity, data } : { clientId, userId, name, color, activity, data, selection: place }
    })
  }

  /** The server's word about who came, changed, left. */
  update(presence: ServerPresence, view: View): void {
    this.pass()
    this.listed = undefined
    for (const participant of presence.updated) {
      const selection = participant.state.selection
      const entry: Entry = { participant, place: undefined, ahead: selection }
      this.place(entry, view)
      this.areAhead ||= entry.ahead !== undefined
      this.entries.set(participant.clientId, entry)
    }
    for (const clientId of presence.left) this.entries.delete(clientId)
  }

  /** What is shown changed. An author's own insert takes the caret along, anybody else's leaves it before. */
  changed(operation: Operation, author: Author | undefined): void {
    if (this.entries.size === 0) return
    this.passing.push({ operation, clientId: author?.clientId })
    if (this.passing.length >= MOST_PASSING) this.pass()
  }

  /** Whether edits moved anybody since this was asked before. */
  takeMoved(): boolean {
    this.pass()
    const { moved } = this
    this.moved = false
    return moved
  }

  /** A version arrived: selections that were ahead of this client may have a place now. `viewOf`: asked for only when there are any. */
  arrived(viewOf: () => View): boolean {
    if (!this.areAhead) return false
    this.pass()
    const view = viewOf()
    let placed = false
    this.areAhead = false
    for (const entry of this.entries.values()) {
      if (entry.ahead === undefined) continue
      this.place(entry, view)
      if (entry.ahead === undefined) placed = true
      else this.areAhead = true
    }
    if (placed) this.listed = undefined
    return placed
  }

  clear(): void {
    this.entries.clear()
    this.areAhead = false
    this.passing = []
    this.moved = false
    this.listed = undefined
  }

  private pass(): void {
    if (this.passing.length === 0) return
    const passing = this.passing
    this.passing = []
    let moved = false
    for (const entry of this.entries.values()) {
      if (entry.place === undefined) continue
      let { place } = entry
      for (const { operation, clientId } of passing) place = carry(place, operation, entry.participant.clientId === clientId ? 'right' : 'left')
      moved ||= place !== entry.place
      entry.place = place
    }
    if (!moved) return
    this.moved = true
    this.listed = undefined
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
