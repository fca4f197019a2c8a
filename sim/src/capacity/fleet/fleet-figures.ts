import type { FleetPeak, FleetResult, FleetScenario, FleetSeries, Percentiles } from './fleet-scenario.ts'
import { LogHistogram } from './log-histogram.ts'
import type { Stations } from './stations.ts'

const STEP_MS = 1_000

/** Counts what happens, second by second, and in the end. */
export class FleetFigures {
  attempts = 0
  turnedAway = 0
  timedOut = 0
  refused = 0
  wastedMs = 0
  loads = 0
  online = 0
  #openSum = 0
  readonly #away = new LogHistogram()
  readonly #open = new LogHistogram()
  readonly #series: { -readonly [Name in keyof FleetSeries]: number[] } = { online: [], attempts: [], failures: [], gatewayLoad: [], nodeLoad: [], nodeWaitMs: [], storagePerSecond: [] }
  readonly #peak: { -readonly [Name in keyof FleetPeak]: number } = {
    attemptsPerSecond: 0, gatewayLoad: 0, nodeLoad: 0, gatewayWaitMs: 0, nodeWaitMs: 0, storagePerSecond: 0, storageLoad: 0, storageWaitMs: 0,
  }
  readonly #scenario: FleetScenario
  readonly #back: (number | null)[] = [null, null, null, null]
  #last = { attempts: 0, failures: 0, loads: 0 }
  #low = 0x811c9dc5
  #high = 0x01000193

  constructor(scenario: FleetScenario) {
    this.#scenario = scenario
  }

  cameOnline(client: number, now: number, awayMs: number, openMs: number): void {
    this.online += 1
    this.#away.add(awayMs)
    this.#open.add(openMs)
    this.#openSum += openMs
    this.#hash(client)
    this.#hash(Math.floor(now * 1_000) | 0)
    SHARES.forEach((share, index) => {
      if (this.#back[index] === null && this.online >= Math.ceil(share * this.#scenario.clients)) this.#back[index] = now
    })
  }

  /** Ends a second. */
  step(gateways: Stations, nodes: Stations, storage: Stations): void {
    const [gateway, store] = [gateways.take(), storage.take()]
    const node = nodes === gateways ? gateway : nodes.take()
    const failures = this.turnedAway + this.timedOut + this.refused
    const [attempts, failed, loads] = [this.attempts - this.#last.attempts, failures - this.#last.failures, this.loads - this.#last.loads]
    this.#last = { attempts: this.attempts, failures, loads: this.loads }
    const load = ({ workMs, background }: typeof gateway, { count }: Stations): number => workMs / STEP_MS / count + background
    const [gatewayLoad, nodeLoad] = [load(gateway, gateways), load(node, nodes)]
    const row = { online: this.online, attempts, failures: failed, gatewayLoad, nodeLoad, nodeWaitMs: node.longestWaitMs, storagePerSecond: loads }
    for (const [name, value] of Object.entries(row)) this.#series[name as keyof FleetSeries].push(Number(value.toPrecision(6)))
    const peaks = { attemptsPerSecond: attempts, gatewayLoad, nodeLoad, gatewayWaitMs: gateway.longestWaitMs, nodeWaitMs: node.longestWaitMs, storagePerSecond: loads, storageLoad: load(store, storage), storageWaitMs: store.longestWaitMs }
    for (const [name, value] of Object.entries(peaks)) this.#peak[name as keyof FleetPeak] = Math.max(this.#peak[name as keyof FleetPeak], value)
  }

  result(documents: number, wallMs: number): FleetResult {
    const { attempts, turnedAway, timedOut, refused, wastedMs, loads, online } = this
    const [p50 = null, p90 = null, p99 = null, p100 = null] = this.#back
    for (const list of Object.values(this.#series)) for (const value of list) this.#hash(Math.floor(value * 1_000) | 0)
    const hash = [this.#high, this.#low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
    const neverBack = this.#scenario.clients - online
    const counts = { attempts, turnedAway, timedOut, refused, wastedMs, loads, documents, wallMs }
    return { scenario: this.#scenario, hash, back: online, neverBack, backAfterMs: { p50, p90, p99, p100 }, awayMs: percentiles(this.#away), openMs: percentiles(this.#open), meanOpenMs: this.#openSum / Math.max(1, online), ...counts, peak: this.#peak, series: this.#series }
  }

  #hash(value: number): void {
    this.#low = Math.imul(this.#low ^ value, 0x01000193)
    this.#high = Math.imul(this.#high ^ (value >>> 7) ^ this.#low, 0x85ebca6b)
  }
}

const SHARES = [0.5, 0.9, 0.99, 1]

function percentiles(histogram: LogHistogram): Percentiles {
  return { p50: histogram.percentile(50), p90: histogram.percentile(90), p99: histogram.percentile(99), max: histogram.percentile(100) }
}
