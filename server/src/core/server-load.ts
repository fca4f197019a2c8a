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
  const most = { undecided: 0, rated: 0, kept: 0, left: 0, control: 0, prepared: 0 }
  let running = 0
  for (const { sequencer, submits, sessions } of hosts) {
    running += sessions.size
    most.undecided = Math.max(most.undecided, sequencer.undecided)
    most.rated = Math.max(most.rated, submits.waiting)
    most.kept = Math.max(most.kept, sequencer.window.head - sequencer.window.floor)
    most.left = Math.max(most.left, sessions.withoutCarrier)
    for (const { waiting } of sessions.all()) {
      most.control = Math.max(most.control, waiting.controlFrames)
      most.prepared = Math.max(most.prepared, waiting.preparedBytes)
    }
  }
  const waiting: readonly Waiting[] = [
    { what: 'operations on their way to the log', length: most.undecided, limit: limits.documentQueue },
    { what: 'operations before a rate', length: most.rated, limit: limits.documentQueue },
    { what: 'changes kept for readers', length: most.kept, limit: limits.windowOperations },
    { what: 'sessions without a carrier', length: most.left, limit: limits.lingeringSessions },
    { what: 'frames outside the order', length: most.control, limit: limits.controlFrames },
    { what: 'bytes of a catch-up', length: most.prepared, limit: limits.preparedBytes },
  ]
  return { documents: hosts.length, sessions: running, waiting }
}
