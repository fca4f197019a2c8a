import { equals } from '@concord/ot'
import type { ServerFrame } from '@concord/protocol'
import type { Emit } from '../../checkers/emit.ts'
import type { ObservationKind, Observations } from '../../checkers/checker.ts'

export type Measured = { readonly series: 'open' | 'presence'; readonly ms: number }

/** Something that was observed, at its time in milliseconds since the run began. */
export type Recorded = { readonly at: number } & ({ readonly kind: 'measured'; readonly seen: Measured } | { [Kind in ObservationKind]: { readonly kind: Kind; readonly seen: Observations[Kind] } }[ObservationKind])

/**
 * What happens in a live run, kept until its logs can be read: only then can anybody say what was right. Changes that say
 * the same to many readers are kept once.
 */
export class Recording {
  readonly entries: Recorded[] = []
  readonly #now: () => number
  readonly #frames: SharedFrames

  constructor(now: () => number, documentOf: (actor: string) => string) {
    this.#now = now
    this.#frames = new SharedFrames(documentOf)
  }

  readonly emit: Emit = (kind, seen) => {
    this.entries.push({ at: this.#now(), kind, seen: this.#frames.kept(kind, seen) } as Recorded)
  }

  readonly measured = (series: Measured['series'], ms: number): void => {
    this.entries.push({ at: this.#now(), kind: 'measured', seen: { series, ms } })
  }
}

/** One object for equal changes of a document. */
export class SharedFrames {
  readonly #documentOf: (actor: string) => string
  readonly #changes = new Map<string, (Extract<ServerFrame, { kind: 'change' }> | undefined)[]>()

  constructor(documentOf: (actor: string) => string) {
    this.#documentOf = documentOf
  }

  kept<Kind extends ObservationKind>(kind: Kind, seen: Observations[Kind]): Observations[Kind] | Observations['excused'] {
    if (kind === 'excused') {
      const excused = seen as Observations['excused']
      return { ...excused, characters: [...excused.characters] }
    }
    if (kind !== 'received') return seen
    const received = seen as Observations['received']
    const frame = this.#shared(received.actor, received.frame)
    return (frame === received.frame ? seen : { ...received, frame }) as Observations[Kind]
  }

  #shared(actor: string, frame: ServerFrame): ServerFrame {
    if (frame.kind !== 'change') return frame
    const document = this.#documentOf(actor)
    let known = this.#changes.get(document)
    if (known === undefined) this.#changes.set(document, (known = []))
    const same = known[frame.change.version]
    if (same !== undefined && saysTheSame(same.change, frame.change)) return same
    known[frame.change.version] = frame
    return frame
  }
}

function saysTheSame(one: Extract<ServerFrame, { kind: 'change' }>['change'], other: typeof one): boolean {
  const { author } = one
  const isSameAuthor = author.clientId === other.author.clientId && author.userId === other.author.userId && author.userOrdinal === other.author.userOrdinal
  return isSameAuthor && one.epoch === other.epoch && one.at === other.at && one.hash === other.hash && equals(one.operation, other.operation)
}
