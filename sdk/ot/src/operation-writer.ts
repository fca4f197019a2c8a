import { attributesName, equalAttributes, NO_ATTRIBUTES } from './attributes.ts'
import { component, DELETE, EMBED_KIND, INSERT, KEY_KIND, RETAIN, SET_KIND, tableComponent } from './component.ts'
import { Interner } from './interner.ts'
import type { Attributes, Embed, Operation, TieKey } from './operation.ts'
import { equalKeys, keyName, LOWEST_KEY } from './tie-key.ts'

/** What an operation inserts; transform hands it over untouched, because inserts survive in their order. */
export interface Inserted {
  readonly text: string
  readonly embeds: readonly Embed[]
  readonly keys: readonly TieKey[]
}

/**
 * Writes components in canonical form whatever the order they come in:
 * - nothing empty, neighbours that are equal merged (inserts only when their keys are equal too);
 * - the inserts of a place before the delete there: a delete waits until something is retained after it;
 * - tables in order of first use, a table component only where the current set or key really changes, directly before
 *   the component that needs it, the set before the key;
 * - no plain retain at the end.
 *
 * It trusts its caller about lengths: {@link OperationBuilder} is the door for applications.
 */
export class OperationWriter {
  private readonly components: number[] = []
  private readonly sets = new Interner<Attributes>(equalAttributes, attributesName)
  private readonly keys = new Interner<TieKey>(equalKeys, keyName)
  private readonly embeds: Embed[] = []
  private text = ''
  private runTag = RETAIN
  private runLength = 0
  private runSet = NO_ATTRIBUTES
  private runKey = LOWEST_KEY
  private waitingDelete = 0
  private currentSet = 0
  private currentKey = 0
  private embedCount = 0

  retain(length: number, set: Attributes): void {
    if (length === 0) return
    if (this.waitingDelete > 0) this.flushDelete()
    if (this.runLength > 0 && this.runTag === RETAIN && equalAttributes(this.runSet, set)) this.runLength += length
    else this.startRun(RETAIN, length, set, LOWEST_KEY)
  }

  retainPlain(length: number): void {
    this.retain(length, NO_ATTRIBUTES)
  }

  insert(text: string, set: Attributes, key: TieKey): void {
    this.text += text
    this.insertUnits(text.length, set, key)
  }

  /** As {@link insert}, for a caller that hands the text to {@link finishWith}. */
  insertUnits(length: number, set: Attributes, key: TieKey): void {
    if (length === 0) return
    if (this.runLength > 0 && this.runTag === INSERT && equalKeys(this.runKey, key) && equalAttributes(this.runSet, set)) this.runLength += length
    else this.startRun(INSERT, length, set, key)
  }

  embed(embed: Embed, set: Attributes, key: TieKey): void {
    this.embeds.push(embed)
    this.embedUnit(set, key)
  }

  /** As {@link embed}, for a caller that hands the embeds to {@link finishWith}. */
  embedUnit(set: Attributes, key: TieKey): void {
    this.flushRun()
    this.useSet(set)
    this.useKey(key)
    this.components.push(tableComponent(this.embedCount++, EMBED_KIND))
  }

  delete(length: number): void {
    this.waitingDelete += length
  }

  finish(baseLength: number): Operation {
    this.flush()
    const keys = this.keys.entries
    const keyless = keys.length === 0 || (keys.length === 1 && equalKeys(keys[0]!, LOWEST_KEY))
    return this.finishWith(baseLength, { text: this.text, embeds: this.embeds, keys: keyless ? [] : keys })
  }

  finishWith(baseLength: number, inserted: Inserted): Operation {
    this.flush()
    const { text, embeds, keys } = inserted
    return { baseLength, components: this.components, text, attributes: this.sets.entries, embeds, keys }
  }

  /** All but a plain retain at the end, which says nothing. */
  private flush(): void {
    const plainTail = this.runTag === RETAIN && this.runSet.length === 0 && this.waitingDelete === 0
    if (!plainTail) this.flushDelete()
  }

  private startRun(tag: number, length: number, set: Attributes, key: TieKey): void {
    this.flushRun()
    this.runTag = tag
    this.runLength = length
    this.runSet = set
    this.runKey = key
  }

  private flushRun(): void {
    if (this.runLength === 0) return
    this.useSet(this.runSet)
    if (this.runTag === INSERT) this.useKey(this.runKey)
    this.components.push(component(this.runLength, this.runTag))
    this.runLength = 0
  }

  private flushDelete(): void {
    this.flushRun()
    if (this.waitingDelete > 0) this.components.push(component(this.waitingDelete, DELETE))
    this.waitingDelete = 0
  }

  private useSet(set: Attributes): void {
    const index = set.length === 0 ? 0 : this.sets.indexOf(set) + 1
    if (index !== this.currentSet) this.components.push(tableComponent(index, SET_KIND))
    this.currentSet = index
  }

  /** The first key becomes entry 0, which is current from the start. */
  private useKey(key: TieKey): void {
    const index = this.keys.indexOf(key)
    if (index !== this.currentKey) this.components.push(tableComponent(index, KEY_KIND))
    this.currentKey = index
  }
}
