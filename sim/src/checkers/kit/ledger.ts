/**
 * What must be in a document at the end, kept by watching the hands alone. A character typed once is there once, unless
 * somebody removed it, it was handed back to its author, or its author's device died before it was stored. Only what was
 * removed may be there twice: two people who both removed it may both take that back.
 */
export class Ledger {
  readonly #typed = new Map<string, Fate>()

  typed(character: string, author: string): void {
    if (!this.#typed.has(character)) this.#typed.set(character, { author, excused: false, removed: false })
  }

  /** Somebody's hand took it away: undo may bring it back, once for each who did. */
  removed(character: string): void {
    const fate = this.#typed.get(character)
    if (fate === undefined) return
    fate.excused = true
    fate.removed = true
  }

  /** It may be absent from now on; never doubled. */
  excuse(character: string): void {
    const fate = this.#typed.get(character)
    if (fate !== undefined) fate.excused = true
  }

  /** The author's memory died: what it had not stored may be absent. */
  forget(author: string, kept: ReadonlySet<string>): void {
    for (const [character, fate] of this.#typed) if (fate.author === author && !kept.has(character)) fate.excused = true
  }

  /** What is wrong with the final text, one sentence each. */
  judge(text: string): string[] {
    const counts = new Map<string, number>()
    for (const character of text) if (this.#typed.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
    const wrong: string[] = []
    for (const [character, { excused, removed }] of this.#typed) {
      const count = counts.get(character) ?? 0
      if (count > 1 && !removed) wrong.push('an edit is in the document twice: what was typed once and never removed stands there more than once')
      if (count === 0 && !excused) wrong.push('an edit is lost: what was typed and never removed is not in the document')
    }
    return wrong
  }
}

interface Fate {
  readonly author: string
  excused: boolean
  removed: boolean
}
