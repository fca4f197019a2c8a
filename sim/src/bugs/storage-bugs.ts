import type { Bug } from './bugs.ts'

/** Promises that a store breaks. */
export const STORAGE_BUGS: readonly Bug[] = [
  { name: 'fence-off', what: 'The log takes appends of owners whose epoch is over.', storage: { fenceOff: true } },
  { name: 'stale-read', what: 'Heads and pages of the log are older than they should be, now and then.', storage: { staleRead: true } },
  { name: 'append-lost', what: 'An append is answered as committed and is not written, now and then.', storage: { lostAppend: true } },
]
