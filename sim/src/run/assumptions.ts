import type { Level } from '../plan/plan.ts'

const COMMON = [
  'Server and client are the code of this commit; the network, the stores, time and randomness are simulated.',
  'The log and the snapshots are a model of a replicated store with compare-and-set appends; it passes the contract suites of the real adapters.',
  'What goes wrong is what the plan says: nothing else fails.',
  'After the faults every document is served by one node, because relays between nodes do not exist yet.',
] as const

/** What a run takes for granted, by level: stands on every report. */
export const ASSUMPTIONS: Readonly<Record<Level, readonly string[]>> = {
  message: [...COMMON, 'Frames pass as values: codecs, envelopes and HTTP/2 are not part of the run.'],
  bytes: [...COMMON, 'Frames pass as bytes through the real codecs and envelopes; HTTP/2 is not part of the run.'],
  http2: [...COMMON, 'Frames pass through the real HTTP/2 of Node over connections in memory; TCP and TLS are not part of the run.'],
  live: ['Real processes and sockets on one machine: clients and servers share its processors.', 'Wall time: a run cannot be repeated exactly.'],
}
