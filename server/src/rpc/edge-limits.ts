/** Every limit of the edge in one place; {@link checkEdgeLimits} holds the relations between them at start. */
export interface EdgeLimits {
  /** Bytes of one message of a peer; above it nothing is parsed. */
  readonly messageBytes: number
  /** Bytes one write gathers before the peer has taken them. */
  readonly writeBytes: number
  /** Bytes a socket may hold unsent before the edge stops pulling for it. */
  readonly socketBufferBytes: number
  /** HTTP/2 streams, or channels of a socket, on one connection. */
  readonly streamsPerConnection: number
  /** Resets a connection may send at once, and per second after that. */
  readonly resetBurst: number
  readonly resetsPerSecond: number
  /** Memory of one HTTP/2 session, in MB: enough for a full buffer on every stream. */
  readonly sessionMemoryMb: number
  readonly connections: number
  /** Frames a channel may say before it is open. */
  readonly framesBeforeOpen: number
  /** Silence before the first byte, before the complete header, before the first message. */
  readonly firstMessageMs: number
  readonly headersMs: number
  readonly requestMs: number
  readonly pingMs: number
  readonly pongMs: number
  /** Nothing sent and nothing received for this long ends a stream. */
  readonly idleMs: number
  /** A stream lives this long, give or take `ageJitter`, so that clients spread over nodes again. */
  readonly ageMs: number
  readonly ageJitter: number
  /** A client that has said everything may wait this long for the answers. */
  readonly halfClosedMs: number
  /** How long a stream outlives its token, so that a refresh on its way still counts. */
  readonly tokenGraceMs: number
  /** How often the edge looks at ages and silences. */
  readonly sweepMs: number
}

export const EDGE_LIMITS: EdgeLimits = Object.freeze({
  messageBytes: 1024 * 1024,
  writeBytes: 64 * 1024,
  socketBufferBytes: 1024 * 1024,
  streamsPerConnection: 100,
  resetBurst: 50,
  resetsPerSecond: 33,
  sessionMemoryMb: 64,
  connections: 50_000,
  framesBeforeOpen: 16,
  firstMessageMs: 5_000,
  headersMs: 10_000,
  requestMs: 30_000,
  pingMs: 25_000,
  pongMs: 8_000,
  idleMs: 5 * 60_000,
  ageMs: 60 * 60_000,
  ageJitter: 0.1,
  halfClosedMs: 5_000,
  tokenGraceMs: 25_000,
  sweepMs: 1_000,
})

/** The first relation that does not hold, as a sentence. */
export function checkEdgeLimits(limits: EdgeLimits): string | undefined {
  const relations: readonly (readonly [boolean, string])[] = [
    [limits.writeBytes <= limits.messageBytes, 'writeBytes must not be above messageBytes'],
    [limits.sessionMemoryMb * 1024 * 1024 >= limits.streamsPerConnection * limits.writeBytes * 2, 'sessionMemoryMb must hold two writes of every stream'],
    [limits.firstMessageMs < limits.idleMs, 'firstMessageMs must be below idleMs'],
    [limits.headersMs <= limits.requestMs, 'headersMs must not be above requestMs'],
    [limits.pongMs < limits.pingMs, 'pongMs must be below pingMs'],
    [limits.pingMs + limits.pongMs < limits.idleMs, 'a dead peer must be found before it counts as idle'],
    [limits.idleMs < limits.ageMs, 'idleMs must be below ageMs'],
    [limits.ageJitter >= 0 && limits.ageJitter < 1, 'ageJitter must be in [0, 1)'],
    [limits.sweepMs <= limits.firstMessageMs, 'sweepMs must not be above firstMessageMs'],
  ]
  return relations.find(([holds]) => !holds)?.[1]
}
