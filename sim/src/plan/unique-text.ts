/** Code points of the CJK block that unique characters are taken from: one unit each. */
const NARROW = { first: 0x4e00, count: 20_000 } as const
/** Code points above the basic plane: surrogate pairs. Planes 2 to 13 hold neither private use nor tags. */
const WIDE = { first: 0x20000, count: 0xc0000 } as const

/** Parts that the characters are divided into, so that one group of actors never changes what another one types. */
export const TEXT_PARTS = 16

/**
 * Hands out characters that no run ever types twice, so that a lost or doubled edit shows in the text itself. Each of
 * the {@link TEXT_PARTS} parts has characters of its own; every fifth is a surrogate pair, and all are once the narrow
 * ones of the part are used up.
 */
export class UniqueText {
  readonly #part: number
  #narrow = 0
  #wide = 0

  constructor(part: number) {
    if (!(part >= 0 && part < TEXT_PARTS)) throw new RangeError(`a run has ${TEXT_PARTS} parts of unique text, there is no part ${part}`)
    this.#part = part
  }

  next(): string {
    const isWide = (this.#narrow + this.#wide) % 5 === 4 || this.#narrow >= NARROW.count / TEXT_PARTS
    return String.fromCodePoint(isWide ? this.#nextWide() : this.#part * (NARROW.count / TEXT_PARTS) + NARROW.first + this.#narrow++)
  }

  /** `count` of them. */
  take(count: number): string {
    let text = ''
    for (let i = 0; i < count; i += 1) text += this.next()
    return text
  }

  #nextWide(): number {
    const share = WIDE.count / TEXT_PARTS
    const offset = this.#wide++
    if (offset >= share) throw new RangeError(`a group types at most ${share} unique characters: use \`text: plain\` for runs this large`)
    const code = WIDE.first + this.#part * share + offset
    // The last two of each plane are no characters.
    return (code & 0xfffe) === 0xfffe ? this.#nextWide() : code
  }
}

/** The unique characters of a text. By code units: most of a long text is filler. */
export function uniqueIn(text: string): Set<string> {
  const found = new Set<string>()
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit < NARROW.first) continue
    if (unit < NARROW.first + NARROW.count) found.add(text.charAt(at))
    // Every pair a run types is unique; nothing else in it lies above the basic plane.
    else if (unit >= 0xd800 && unit < 0xdc00) found.add(text.slice(at, (at += 1) + 1))
  }
  return found
}
