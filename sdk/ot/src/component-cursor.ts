import { NO_ATTRIBUTES } from './attributes.ts'
import { EMBED_KIND, RETAIN, SET_KIND, TABLE } from './component.ts'
import type { Attributes, Embed, Operation, TieKey } from './operation.ts'
import { LOWEST_KEY } from './tie-key.ts'

/** The tag of an embed under a cursor: on the wire it is a table component, to the algebra it is an insert of one unit. */
export const EMBED = 3

/**
 * Walks an operation component by component, as much of each as the caller takes, with tables looked up.
 * Past the last component it stands on a plain retain without end, which is what canonical form leaves unsaid.
 */
export class ComponentCursor {
  tag = RETAIN
  /** Units left of the current component; infinite past the end. */
  left = 0
  /** Attributes of the current retain, insert or embed. */
  set: Attributes = NO_ATTRIBUTES
  /** Tie key of the current insert or embed. */
  key: TieKey
  private readonly operation: Operation
  private next = 0
  private textAt = 0
  private embedAt = 0

  constructor(operation: Operation) {
    this.operation = operation
    this.key = operation.keys[0] ?? LOWEST_KEY
    this.advance()
  }

  get done(): boolean {
    return this.left === Infinity
  }

  get inserts(): boolean {
    return (this.tag & 1) === 1
  }

  get embed(): Embed {
    return this.operation.embeds[this.embedAt]!
  }

  /** Takes `length` units of the current component; goes to the next one when none is left. */
  take(length: number): void {
    this.left -= length
    if (this.left === 0) this.advance()
  }

  /** The next `length` units of inserted text, which a caller reads before it takes (or drops) them. */
  text(length: number): string {
    return this.operation.text.slice(this.textAt, this.textAt + length)
  }

  /** As {@link take}, for inserts whose content counts: moves past the text or embed too. */
  takeInserted(length: number): void {
    if (this.tag === EMBED) this.embedAt++
    else this.textAt += length
    this.take(length)
  }

  private advance(): void {
    const { components } = this.operation
    while (this.next < components.length) {
      const value = components[this.next++]!
      if ((value & 3) !== TABLE) return this.stand(value & 3, value >>> 2)
      if (this.lookUp(value >>> 4, (value >>> 2) & 3)) return this.stand(EMBED, 1)
    }
    this.set = NO_ATTRIBUTES
    this.stand(RETAIN, Infinity)
  }

  private stand(tag: number, length: number): void {
    this.tag = tag
    this.left = length
  }

  /** True when the entry is something to stand on. */
  private lookUp(index: number, kind: number): boolean {
    if (kind === EMBED_KIND) return true
    if (kind === SET_KIND) this.set = index === 0 ? NO_ATTRIBUTES : this.operation.attributes[index - 1]!
    else this.key = this.operation.keys[index]!
    return false
  }
}
