import type { DocumentHost } from './document-host.ts'
import type { Limits } from './limits.ts'

/** A kind of place in which something waits: how full the fullest is, and how full it may be. */
export interface Waiting {
  readonly what: string
  readonly length: number
  readonly limit: number
}

/** What a server holds at this moment. */
export interface ServerLoad {
  readonly documents: number
  /** Sessions with a carrier. */
  readonly sessions: number
  readonly waiting: readonly Waiting[]
}

/** Looks into every document and session: for operators and the simulator, not for every frame. */
export function loadOf(hosts: readonly DocumentHost[], limits: Limits): ServerLoad {
  const streams = hosts.flatMap(({ sessions }) => [...sessions.all()])
  const waits = streams.map(({ waiting }) => waiting)
  const waiting: readonly Waiting[] = [
    { what: 'operations on their way to the log', length: most(hosts, ({ sequencer }) => sequencer.undecided), limit: limits.documentQueue },
    { what: 'operations before a rate', length: most(hosts, ({ submits }) => submits.waiting), limit: limits.documentQueue },
    { what: 'changes kept for readers', length: most(hosts, ({ sequencer }) => sequencer.window.head - sequencer.window.floor), limit: limits.windowOperations },
    { what: 'sessions without a carrier', length: most(hosts, ({ sessions }) => sessions.withoutCarrier), limit: limits.lingeringSessions },
    { what: 'frames outside the order', length: most(waits, ({ controlFrames }) => controlFrames), limit: limits.controlFrames },
    { what: 'bytes of a catch-up', length: most(waits, ({ preparedBytes }) => preparedBytes), limit: limits.preparedBytes },
  ]
  return { documents: hosts.length, sessions: streams.length, waiting }
}

function most<T>(places: readonly T[], lengthOf: (place: T) => number): number {
  return places.reduce((longest, place) => Math.max(longest, lengthOf(place)), 0)
}
