/**
 * What must be in the document at the end, kept by watching the authors alone. A character typed once is there once,
 * unless somebody removed it, it was handed back to its author, or its author's device died before it was stored. Only what
 * was removed may be there twice: two people who both removed it may both take that back.
 */
export class Ledger {
  readonly #typed = new Map<string, Fate>()

  typed(character: string, author: string): void {
    if (!this.#typed.has(character)) this.#typed.set(character, { author, excused: undefined, removed: false })
  }

  /** Somebody's hand took it away: undo may bring it back, once for each who did. */
  removed(character: string, by: string): void {
    const fate = this.#typed.get(character)
    if (fate === undefined) return
    fate.excused = `${by} removed it`
    fate.removed = true
  }

  /** It may be absent from now on; never doubled. */
  excuse(character: string, why: string): void {
    const fate = this.#typed.get(character)
    if (fate !== undefined) fate.excused ??= why
  }

  /** Characters of one author that nobody has excused. */
  owedTo(author: string): string[] {
    return [...this.#typed].filter(([, fate]) => fate.author === author && fate.excused === undefined).map(([character]) => character)
  }

  /** What is wrong with the final text. */
  judge(text: string): string[] {
    const counts = new Map<string, number>()
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
    const wrong: string[] = []
    for (const [character, { author, excused, removed }] of this.#typed) {
      const count = counts.get(character) ?? 0
      if (count > 1 && !removed) wrong.push(`edit duplicated: ${author} typed ${name(character)} once, the document has it ${count} times`)
      if (count === 0 && excused === undefined) wrong.push(`edit lost: ${author} typed ${name(character)}, nobody removed it, the document lacks it`)
    }
    return wrong
  }
}

interface Fate {
  readonly author: string
  excused: string | undefined
  removed: boolean
}

function name(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`
}
