import { equalAttributes, layAttributes, NO_ATTRIBUTES } from '../attributes.ts'
import { attributesLanes, embedLanes, type Lanes } from '../hash.ts'
import type { Attributes, Embed } from '../operation.ts'

/** An attribute set of content with its share of the hash, which is computed when first asked for and shared by every run. */
export class Style {
  readonly attributes: Attributes
  private cached: Lanes | undefined

  constructor(attributes: Attributes) {
    this.attributes = attributes
    this.cached = undefined
  }

  get lanes(): Lanes {
    return (this.cached ??= attributesLanes(this.attributes))
  }
}

/** An embed with its value in the hash. */
export class EmbedUnit {
  readonly embed: Embed
  private cached: Lanes | undefined

  constructor(embed: Embed) {
    this.embed = embed
    this.cached = undefined
  }

  get lanes(): Lanes {
    return (this.cached ??= embedLanes(this.embed))
  }
}

/** The style of text without attributes. */
export const PLAIN = new Style(NO_ATTRIBUTES)

export function styleOf(attributes: Attributes): Style {
  return attributes.length === 0 ? PLAIN : new Style(attributes)
}

export function equalStyles(a: Style, b: Style): boolean {
  return a === b || equalAttributes(a.attributes, b.attributes)
}

/**
 * Lays one change of attributes over many styles. Neighbouring leaves mostly share their styles, so the last answer is
 * remembered: laying bold over a whole document makes one new style, not one for each run.
 */
export class StyleChange {
  private readonly change: Attributes
  private lastFrom: Style | undefined
  private lastTo: Style = PLAIN

  constructor(change: Attributes) {
    this.change = change
  }

  over(style: Style): Style {
    if (style !== this.lastFrom) {
      const laid = layAttributes(style.attributes, this.change)
      this.lastTo = equalAttributes(laid, style.attributes) ? style : styleOf(laid)
      this.lastFrom = style
    }
    return this.lastTo
  }
}
