import type { KeyedRandom } from '../../kernel/keyed-random.ts'
import type { ActorEvent } from '../../plan/plan-event.ts'
import type { UniqueText } from '../../plan/unique-text.ts'
import { type Behaviour, EDIT_KINDS, type EditKind } from '../schema/actor-schema.ts'
import type { Range } from '../schema/notation.ts'

export type EditEvent = Extract<ActorEvent, { readonly kind: EditKind }>

/** Chooses what a hand does next. */
export class Hand {
  readonly #actor: string
  readonly #random: KeyedRandom
  /** Apart from the other draws: what is bold changes nothing else. */
  readonly #style: KeyedRandom
  readonly #does: Behaviour
  readonly #fresh: UniqueText | undefined
  readonly #total: number
  #place: number
  #hasMoved = false

  constructor(actor: string, random: KeyedRandom, style: KeyedRandom, does: Behaviour, fresh: UniqueText | undefined) {
    this.#actor = actor
    this.#random = random
    this.#style = style
    this.#does = does
    this.#fresh = fresh
    this.#total = EDIT_KINDS.reduce((sum, kind) => sum + does.edits[kind], 0)
    this.#place = shareOf(random)
  }

  next(): EditEvent {
    const actor = this.#actor
    const random = this.#random
    const kind = this.#kind()
    switch (kind) {
      case 'insert':
        return this.#insert()
      case 'delete':
        return { kind, actor, place: this.#somewhere(), count: 1 + random.below(6) }
      case 'replace':
        return { kind, actor, place: this.#somewhere(), count: 1 + random.below(6), text: this.#text() }
      case 'format':
        return { kind, actor, place: this.#somewhere(), count: 1 + random.below(6), attributes: random.pick(FORMATS) }
      case 'embed':
        return { kind, actor, place: this.#somewhere(), type: 'mention', data: MENTION }
      case 'undo':
      case 'redo':
      case 'boundary':
        return { kind, actor }
    }
  }

  #insert(): EditEvent {
    const text = this.#text()
    // Whoever types at the caret goes somewhere else now and then.
    const stays = this.#does.places === 'caret' && this.#hasMoved && !this.#random.chance(0.03)
    this.#hasMoved = true
    const look = this.#does.bold > 0 && this.#style.chance(this.#does.bold) ? { attributes: { bold: true } } : {}
    return stays ? { kind: 'insert', actor: this.#actor, text, ...look } : { kind: 'insert', actor: this.#actor, text, place: this.#move(), ...look }
  }

  #somewhere(): number {
    return this.#does.places === 'caret' ? this.#place : this.#move()
  }

  #move(): number {
    this.#place = this.#does.places === 'hot' ? hotPlace(this.#random) : shareOf(this.#random)
    return this.#place
  }

  #kind(): EditKind {
    let draw = this.#random.float() * this.#total
    for (const kind of EDIT_KINDS) {
      draw -= this.#does.edits[kind]
      if (draw < 0) return kind
    }
    return 'insert'
  }

  #text(): string {
    const count = Math.max(1, within(this.#random, this.#does.characters))
    return this.#fresh === undefined ? plainText(this.#random, count) : this.#fresh.take(count)
  }
}

const MENTION = '{"label":"Ada","user":"ada"}'
const FORMATS = [{ bold: true }, { bold: null }, { italic: true, color: '#ff0000' }, { color: null }] as const

const LETTERS = 'eeeetttaaaooonniisshhrrdllcumwfgypbvk     '

/** Something that looks like writing and is found nowhere again. */
export function plainText(random: KeyedRandom, count: number): string {
  let text = ''
  for (let i = 0; i < count; i += 1) text += LETTERS[random.below(LETTERS.length)]
  return text
}

/** A whole number of a range, both ends included. */
export function within(random: KeyedRandom, { least, most }: Range): number {
  return least + random.below(most - least + 1)
}

/** Anything between the ends of a range. */
export function between(random: KeyedRandom, { least, most }: Range): number {
  return least + random.float() * (most - least)
}

/** A whole number from minus `most` to `most`; never the minus zero that JSON does not know. */
export function eitherSide(random: KeyedRandom, most: number): number {
  return Math.round((random.float() * 2 - 1) * most) + 0
}

/** A place in a document; four digits are enough to read and to hit every unit of a small one. */
export function shareOf(random: KeyedRandom): number {
  return random.below(10_001) / 10_000
}

/** Half of the time one of the first few places, where everybody meets. */
function hotPlace(random: KeyedRandom): number {
  return random.chance(0.5) ? random.below(4) / 100 : shareOf(random)
}
