import type { Observe } from '../../checkers/checker.ts'
import type { OwnerSpan } from '../run-result.ts'

type OpenSpan = { -readonly [Field in keyof OwnerSpan]: OwnerSpan[Field] }

/** Who believed to rule which document, and when. */
export class Owners {
  readonly #spans: OpenSpan[] = []
  /** By document and node: the span that is open. */
  readonly #open = new Map<string, OpenSpan>()
  /** By document: how many nodes believe to rule it. */
  readonly #rulers = new Map<string, number>()
  /** Documents with more than one. */
  #split = 0
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  readonly observe: Observe = {
    claimed: ({ node, document, epoch }) => {
      this.#close(keyOf(document, node))
      const span = { document, node, epoch, fromMs: this.#now(), toMs: Infinity, committed: 0 }
      this.#spans.push(span)
      this.#open.set(keyOf(document, node), span)
      this.#count(document, 1)
    },
    appended: ({ node, document, records, outcome }) => {
      const span = this.#open.get(keyOf(document, node))
      if (span === undefined) return
      if (outcome === 'committed') span.committed += records.length
      if (outcome === 'fenced') this.#close(keyOf(document, node))
    },
  }

  /** A node died: it believes nothing any more. */
  gone(node: string): void {
    for (const [key, span] of this.#open) if (span.node === node) this.#close(key)
  }

  /** Whether two nodes believe to rule one document now. */
  get isSplit(): boolean {
    return this.#split > 0
  }

  spans(): OwnerSpan[] {
    return this.#spans.map((span) => ({ ...span, toMs: Math.min(span.toMs, this.#now()) }))
  }

  #close(key: string): void {
    const span = this.#open.get(key)
    if (span === undefined) return
    span.toMs = this.#now()
    this.#open.delete(key)
    this.#count(span.document, -1)
  }

  #count(document: string, by: 1 | -1): void {
    const before = this.#rulers.get(document) ?? 0
    const after = before + by
    if (after === 0) this.#rulers.delete(document)
    else this.#rulers.set(document, after)
    this.#split += Number(after > 1) - Number(before > 1)
  }
}

function keyOf(document: string, node: string): string {
  return `${document} ${node}`
}
