import { ComponentCursor, EMBED } from './component-cursor.ts'
import type { Attributes, Embed, Operation } from './operation.ts'
import type { OperationWriter } from './operation-writer.ts'
import { requireContent } from './slice.ts'
import { LOWEST_KEY } from './tie-key.ts'

/** Stands for an embed in flat text. Text may hold it too: `embeds` tells. */
export const PLACEHOLDER = '\ufffc'

/** Units of one attribute set, up to position `end`. */
interface Run {
  readonly end: number
  readonly set: Attributes
}

/** A content as one string to compare, with what the string cannot say beside it. */
export class FlatContent {
  readonly text: string
  private readonly embeds = new Map<number, Embed>()
  private readonly runs: Run[] = []

  constructor(content: Operation) {
    const parts: string[] = []
    const cursor = new ComponentCursor(requireContent(content))
    for (let end = 0; !cursor.done; cursor.takeInserted(cursor.left)) {
      if (cursor.tag === EMBED) this.embeds.set(end, cursor.embed)
      parts.push(cursor.tag === EMBED ? PLACEHOLDER : cursor.text(cursor.left))
      end += cursor.left
      this.runs.push({ end, set: cursor.set })
    }
    this.text = parts.join('')
  }

  /** `type` and `data` of the embed at a position as one string; empty where there is none. */
  embedName(position: number): string {
    const embed = this.embeds.get(position)
    return embed === undefined ? '' : `${embed.type.length}:${embed.type}${embed.data}`
  }

  /** Calls back for each stretch between two positions that has one attribute set. */
  eachRun(from: number, to: number, visit: (from: number, to: number, set: Attributes) => void): void {
    let index = this.runAt(from)
    for (let at = from; at < to; index++) {
      const { end, set } = this.runs[index]!
      visit(at, Math.min(end, to), set)
      at = end
    }
  }

  /** Inserts what stands between two positions. */
  insertInto(out: OperationWriter, from: number, to: number): void {
    this.eachRun(from, to, (start, end, set) => {
      const embed = this.embeds.get(start)
      if (embed === undefined) out.insert(this.text.slice(start, end), set, LOWEST_KEY)
      else out.embed(embed, set, LOWEST_KEY)
    })
  }

  private runAt(position: number): number {
    let low = 0
    for (let high = this.runs.length; low < high; ) {
      const middle = (low + high) >>> 1
      if (this.runs[middle]!.end > position) high = middle
      else low = middle + 1
    }
    return low
  }
}
