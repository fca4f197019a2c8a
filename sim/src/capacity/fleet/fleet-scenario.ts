import type { RetryPolicy } from './retry-policy.ts'

/** Millions of clients lose their servers, or come all at once. Times in milliseconds, costs in milliseconds of processor. */
export interface FleetScenario {
  readonly name: string
  readonly title: string
  readonly seed: number
  /** Clients that connect in this run. */
  readonly clients: number
  /** Clients that are online elsewhere in the fleet all the time. */
  readonly others: number
  /** Documents a client has open; the further ones follow the first over the base delay. */
  readonly documentsPerClient: number
  /** When each client first tries. `loss`: its connection breaks, it notices, it draws its first delay. `arrival`: people come. */
  readonly begin:
    | { readonly kind: 'loss'; readonly noticeFromMs: number; readonly noticeToMs: number }
    | { readonly kind: 'arrival'; readonly overMs: number; readonly shape: 'even' | 'bell' }
  readonly policy: RetryPolicy
  /** Round trip between client and server. */
  readonly rttMs: number
  /** Round trips until the first request is at the server (TCP, TLS). */
  readonly handshakes: number
  /** Nothing answers until then. `refused`: known after a round trip. `silent`: known when the time-out is over. */
  readonly unreachable: { readonly untilMs: number; readonly how: 'refused' | 'silent' }
  /** A client gives up a connection, or an open, after this long. */
  readonly connectTimeoutMs: number
  readonly openTimeoutMs: number
  readonly gateways: number
  /** Document servers; 0: the gateways are the servers. */
  readonly nodes: number
  readonly costs: FleetCosts
  /** Share of the clients' documents that a server has to claim and load anew; the rest is in memory. */
  readonly coldShare: number
  readonly storage: { readonly nodes: number; readonly claimMs: number; readonly latencyMs: number }
  /** A server that would let a newcomer wait longer than `aboveMs` sends him away, for a time between the two. */
  readonly admission?: { readonly aboveMs: number; readonly retryFromMs: number; readonly retryToMs: number }
  readonly stopAtMs: number
}

export interface FleetCosts {
  /** A connection at a gateway. */
  readonly connect: number
  /** An open at a document server. */
  readonly open: number
  /** Loading a document, at its server. */
  readonly load: number
  /** Sending somebody away. */
  readonly reject: number
  /** What one online client takes of a processor all the time, as a share: at the gateway and at the document server. */
  readonly online: number
}

/** What a run gives back; everything but `wallMs` is the same for the same scenario. */
export interface FleetResult {
  readonly scenario: FleetScenario
  /** 16 hexadecimal digits over who came online when. */
  readonly hash: string
  readonly back: number
  readonly neverBack: number
  /** Milliseconds after the beginning until so many per cent of the clients were online; null: never. */
  readonly backAfterMs: Readonly<Record<'p50' | 'p90' | 'p99' | 'p100', number | null>>
  /** Time that a client was away, from the loss (or its arrival) to online. */
  readonly awayMs: Percentiles
  /** Time of the attempt that succeeded. */
  readonly openMs: Percentiles
  readonly meanOpenMs: number
  readonly attempts: number
  readonly turnedAway: number
  readonly timedOut: number
  readonly refused: number
  /** Work for clients who had given up. Milliseconds of processor. */
  readonly wastedMs: number
  readonly loads: number
  readonly peak: FleetPeak
  /** One entry per second. */
  readonly series: FleetSeries
  readonly documents: number
  readonly wallMs: number
}

export interface Percentiles {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

export interface FleetPeak {
  readonly attemptsPerSecond: number
  /** Work handed to gateways and document servers in a second, as a share of what they can do. Above 1 a queue grows. */
  readonly gatewayLoad: number
  readonly nodeLoad: number
  readonly gatewayWaitMs: number
  readonly nodeWaitMs: number
  readonly storagePerSecond: number
  readonly storageLoad: number
  readonly storageWaitMs: number
}

export interface FleetSeries {
  readonly online: readonly number[]
  readonly attempts: readonly number[]
  readonly failures: readonly number[]
  readonly gatewayLoad: readonly number[]
  readonly nodeLoad: readonly number[]
  readonly nodeWaitMs: readonly number[]
  readonly storagePerSecond: readonly number[]
}
