import type { TraceLine } from '../run/run-result.ts'

/** How many of the last entries are kept for people. */
const KEPT = 10_000

interface Entry {
  readonly seq: number
  readonly at: number
  readonly from: string
  readonly to: string | undefined
  readonly what: () => string
}

/**
 * Everything that happened, as a hash over all of it and the last entries to look at. Two runs are the same when their
 * hashes are. Not cryptographic: two 32-bit lanes of MurmurHash3's mixing (Appleby, public domain).
 */
export class Trace {
  readonly #ring: Entry[] = []
  #seq = 0
  /** Entries after this one are hashed and forgotten. */
  #keptUntil = Infinity
  #low = 0x9747b28c
  #high = 0x3c6ef372

  get seq(): number {
    return this.#seq
  }

  /**
   * @param digest what tells this entry from another, as cheap as can be: kinds, numbers, texts
   * @param what the entry for people; called only when somebody looks
   */
  note(at: number, from: string, to: string | undefined, digest: readonly (string | number)[], what: () => string): void {
    this.#seq += 1
    this.#number(at)
    this.#text(from)
    if (to === undefined) this.#word(NOBODY)
    else this.#text(to)
    this.#word(digest.length)
    for (const part of digest) this.#part(part)
    if (this.#seq <= this.#keptUntil) this.#ring[this.#seq % KEPT] = { seq: this.#seq, at, from, to, what }
  }

  /** Keeps for people what led here and `more` entries after it: the first violation is what they look for. */
  keepThis(more: number): void {
    this.#keptUntil = Math.min(this.#keptUntil, this.#seq + more)
  }

  /** 16 hexadecimal digits. */
  hash(): string {
    return [this.#low, this.#high].map((lane) => (mix(lane) >>> 0).toString(16).padStart(8, '0')).join('')
  }

  /** The last entries, oldest first. */
  lines(): TraceLine[] {
    const entries = this.#ring.filter((entry) => entry !== undefined).sort((a, b) => a.seq - b.seq)
    return entries.map(({ seq, at, from, to, what }) => ({ seq, at, from, ...(to === undefined ? {} : { to }), what: what() }))
  }

  /** A number is not its text, so each says what it is. */
  #part(part: string | number): void {
    if (typeof part === 'string') return this.#text(part)
    this.#word(NUMBER)
    this.#number(part)
  }

  #number(value: number): void {
    SCRATCH[0] = value
    this.#word(WORDS[0]!)
    this.#word(WORDS[1]!)
  }

  #text(text: string): void {
    this.#word(text.length)
    for (let i = 0; i < text.length; i += 1) this.#word(text.charCodeAt(i))
  }

  #word(word: number): void {
    this.#low = Math.imul(this.#low ^ word, 0x85ebca6b) + 0x52dce729 | 0
    this.#high = Math.imul((this.#high ^ word) + (this.#low >>> 13), 0xc2b2ae35) | 0
  }
}

/** Where a text would say its length, so below every length. */
const NOBODY = -1
const NUMBER = -2

/** The bits of a number: fractions of milliseconds count too. */
const SCRATCH = new Float64Array(1)
const WORDS = new Int32Array(SCRATCH.buffer)

function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
