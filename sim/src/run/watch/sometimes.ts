import type { Observe } from '../../checkers/checker.ts'
import type { Owners } from './owners.ts'

/** What a campaign has to have seen now and then, or its faults did not bite. The value says what it is. */
export const SOMETIMES = {
  'append fenced': 'an owner that had lost its document tried to write',
  'append unknown': 'the store could not say whether a batch was written',
  'two owners': 'two nodes believed to own one document',
  'owner moved': 'a document changed its node',
  'catch-up by changes': 'a client came back and got what it missed',
  'catch-up by content': 'a client got the whole content',
  'composed group': 'a catch-up came as one composed operation',
  'resync unasked': 'the server opened a session again by itself (R5)',
  'ack while catching up': 'a client learned of its own commit after reconnecting (R3)',
  'resend decided again': 'a submit that was decided before came again (R7)',
  'edit refused': 'an edit was refused and handed back (R9)',
  'edit stranded': 'edits could not be submitted by themselves and were handed back',
  'divergence repaired': 'a copy differed, was found and repaired (R16)',
  'history forked': 'the log lost versions that clients had (R15)',
  'session replaced': 'an older session of a client id was refused (R2)',
  'storage unavailable': 'a caller was told that the store does not answer',
  'reader cut off': 'a user lost access while reading',
  'attack answered': 'a hostile message was refused',
} as const

export type SometimesName = keyof typeof SOMETIMES

export class Sometimes {
  readonly #counts = new Map<SometimesName, number>()
  readonly #owners: Owners
  readonly #lastOwner = new Map<string, string>()

  constructor(owners: Owners) {
    this.#owners = owners
  }

  readonly observe: Observe = {
    appended: ({ outcome }) => {
      if (outcome === 'fenced') this.#saw('append fenced')
      if (outcome === 'unknown') this.#saw('append unknown')
    },
    claimed: ({ document, node }) => {
      if (this.#owners.isSplit) this.#saw('two owners')
      const last = this.#lastOwner.get(document)
      if (last !== undefined && last !== node) this.#saw('owner moved')
      this.#lastOwner.set(document, node)
    },
    received: ({ frame }) => {
      if (frame.kind === 'composed') this.#saw('composed group')
      if (frame.kind === 'ack' && frame.ack.operation !== undefined) this.#saw('ack while catching up')
      if (frame.kind !== 'opened') return
      if (frame.opened.reason !== undefined) this.#saw('resync unasked')
      else this.#saw(frame.opened.resume === 'changes' ? 'catch-up by changes' : 'catch-up by content')
    },
    ended: ({ reason }) => {
      if (reason === 'SESSION_REPLACED') this.#saw('session replaced')
      if (reason === 'STORAGE_UNAVAILABLE') this.#saw('storage unavailable')
      if (reason === 'DOCUMENT_NOT_FOUND') this.#saw('reader cut off')
    },
    rejected: () => this.#saw('edit refused'),
    stranded: () => this.#saw('edit stranded'),
    diverged: ({ reason }) => this.#saw(reason === 'history_forked' ? 'history forked' : 'divergence repaired'),
    answered: () => this.#saw('attack answered'),
    counted: ({ metric }) => {
      if (metric === 'duplicates_total') this.#saw('resend decided again')
    },
  }

  counts(): Record<string, number> {
    return Object.fromEntries(Object.keys(SOMETIMES).map((name) => [name, this.#counts.get(name as SometimesName) ?? 0]))
  }

  #saw(name: SometimesName): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }
}
