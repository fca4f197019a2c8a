import type { Operation, TextRun } from '@concord/ot'

/**
 * What the binding needs of a document: `doc` of `client.open(name)` has all of it. Positions are UTF-16 units of `text`.
 */
export interface CollaborativeDocument {
  readonly text: CollaborativeText
  /** Applies a local edit to {@link text} at once. Throws when it does not fit or the caller may not edit. */
  change(operation: Operation): void
  /**
   * Every change of {@link text}, after it was applied, in order, each once; those of {@link change} with the very operation
   * that was given. Returns what ends it.
   */
  on(event: 'change', listener: (change: TextChange) => void): () => void
}

/** The content as runs, in order. */
export interface CollaborativeText {
  readonly length: number
  slice(from: number, to?: number): string
  runs(): Iterable<TextRun>
}

/** Who changed the text: this page (undo counts), somebody else, or the server's content after a gap. */
export type ChangeOrigin = 'local' | 'remote' | 'resync'

export interface TextChange {
  readonly origin: ChangeOrigin
  /** From the text before to the text after. */
  readonly operation: Operation
}

/** Where other people are: `doc.presence`. Ephemeral; an editor without it shows no carets. */
export interface CollaborativePresence {
  readonly others: Iterable<RemoteCursor>
  on(event: 'change', listener: () => void): () => void
  /** Tells the others where the selection is; null when the editor is gone. */
  set(presence: { readonly selection: TextSelection | null }): void
}

/** Positions in the shared text as it is now. */
export interface TextSelection {
  readonly anchor: number
  readonly head: number
}

export interface RemoteCursor {
  /** Stable while the participant is here. */
  readonly clientId: string
  /** Empty when anonymous. */
  readonly name: string
  /** `#rrggbb`; anything else is shown in grey. */
  readonly color: string
  readonly selection?: TextSelection | undefined
}
