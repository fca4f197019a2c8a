import { CalendarQueue } from './calendar-queue.ts'
import { clientRandom } from './client-random.ts'
import { documentsOfClients } from './documents-of-clients.ts'
import { FleetFigures } from './fleet-figures.ts'
import type { FleetResult, FleetScenario } from './fleet-scenario.ts'
import { retryDelay } from './retry-policy.ts'
import { Stations } from './stations.ts'

/** What a client's event means. */
const AT_GATEWAY = 0
const AT_NODE = 1
const COMES_ONLINE = 2
const GIVES_UP = 3
const OPENS_REST = 4
const ONLINE = 5

const STEP_MS = 1_000

/**
 * A fleet of light clients over calibrated queues: no bytes, no documents, only who waits for whom. A client is a few
 * numbers in typed arrays and has one event at a time. Equal scenarios give equal results, on any machine.
 *
 * @param progress hears the share of the clients that are online, about once per simulated second
 * @param wall wall time in milliseconds, for the figures alone; without it they say 0
 */
export function runFleet(scenario: FleetScenario, progress: (share: number) => void = () => undefined, wall: () => number = () => 0): FleetResult {
  const started = wall()
  const fleet = new Fleet(scenario)
  for (let until = STEP_MS; until <= scenario.stopAtMs && !fleet.isOver; until += STEP_MS) {
    fleet.runUntil(until)
    progress(fleet.share)
  }
  return fleet.result(wall() - started)
}

class Fleet {
  readonly #scenario: FleetScenario
  readonly #queue: CalendarQueue
  readonly #gateways: Stations
  readonly #nodes: Stations
  readonly #storage: Stations
  readonly #figures: FleetFigures
  readonly #state: Uint8Array
  readonly #failures: Uint8Array
  readonly #attempt: Uint16Array
  readonly #gateway: Uint16Array
  readonly #startedAt: Float64Array
  readonly #document: Int32Array
  /** When the document is in memory; -1: nobody has asked for it. */
  readonly #readyAt: Float64Array

  constructor(scenario: FleetScenario) {
    const { clients, others, gateways, nodes, costs, storage, seed } = scenario
    this.#scenario = scenario
    this.#queue = new CalendarQueue(clients)
    this.#gateways = new Stations(gateways, costs.online)
    this.#nodes = nodes === 0 ? this.#gateways : new Stations(nodes, costs.online)
    this.#storage = new Stations(storage.nodes)
    this.#figures = new FleetFigures(scenario)
    this.#state = new Uint8Array(clients)
    this.#failures = new Uint8Array(clients)
    this.#attempt = new Uint16Array(clients)
    this.#gateway = new Uint16Array(clients)
    this.#startedAt = new Float64Array(clients)
    const documents = documentsOfClients(seed, clients)
    this.#document = documents.of
    this.#readyAt = new Float64Array(documents.count).fill(-1)
    for (const stations of new Set([this.#gateways, this.#nodes])) for (let n = 0; n < stations.count; n++) stations.setOnline(n, Math.floor(others / stations.count))
    for (let client = 0; client < clients; client++) this.#begin(client)
  }

  get isOver(): boolean {
    return this.#queue.size === 0
  }

  get share(): number {
    return this.#figures.online / this.#scenario.clients
  }

  runUntil(untilMs: number): void {
    this.#queue.run(untilMs, (client, now) => this.#event(client, now))
    this.#figures.step(this.#gateways, this.#nodes, this.#storage)
  }

  result(wallMs: number): FleetResult {
    return this.#figures.result(this.#readyAt.length, wallMs)
  }

  #random(client: number, purpose: number): number {
    return clientRandom(this.#scenario.seed, client, (this.#attempt[client] ?? 0) * 8 + purpose)
  }

  #begin(client: number): void {
    const { begin, policy } = this.#scenario
    const at = beginsAt(this.#scenario, client)
    this.#try(client, begin.kind === 'loss' ? at + retryDelay(policy, 0, this.#random(client, 1)) : at)
  }

  /** Begins an attempt at a time: the next event is its first request at a gateway. */
  #try(client: number, at: number): void {
    const { rttMs, handshakes, gateways } = this.#scenario
    this.#attempt[client] = (this.#attempt[client] ?? 0) + 1
    this.#startedAt[client] = at
    this.#gateway[client] = Math.floor(this.#random(client, 2) * gateways)
    this.#schedule(client, AT_GATEWAY, at + rttMs * (handshakes + 0.5))
  }

  #schedule(client: number, state: number, at: number): void {
    this.#state[client] = state
    this.#queue.push(client, at)
  }

  #event(client: number, now: number): void {
    switch (this.#state[client]) {
      case AT_GATEWAY:
        return this.#atGateway(client, now)
      case AT_NODE:
        return this.#atNode(client, now)
      case COMES_ONLINE:
        return this.#comesOnline(client, now)
      case GIVES_UP:
        return this.#retry(client, now)
      case OPENS_REST:
        return this.#opensRest(client, now)
      default:
        throw new Error(`client ${client} is online and has an event`)
    }
  }

  #atGateway(client: number, now: number): void {
    const { unreachable, connectTimeoutMs, rttMs, costs, admission } = this.#scenario
    const [station, started] = [this.#gateway[client] ?? 0, this.#startedAt[client] ?? 0]
    this.#figures.attempts += 1
    if (now < unreachable.untilMs) {
      this.#figures.refused += 1
      return this.#schedule(client, GIVES_UP, unreachable.how === 'refused' ? started + rttMs : started + connectTimeoutMs)
    }
    if (admission !== undefined && this.#gateways.wait(station, now) > admission.aboveMs) return this.#turnAway(client, this.#gateways.serve(station, now, costs.reject))
    const done = this.#gateways.serve(station, now, costs.connect)
    if (done + rttMs / 2 <= started + connectTimeoutMs) return this.#schedule(client, AT_NODE, done + rttMs)
    this.#figures.timedOut += 1
    this.#figures.wastedMs += costs.connect
    this.#schedule(client, GIVES_UP, started + connectTimeoutMs)
  }

  #atNode(client: number, now: number): void {
    const { openTimeoutMs, rttMs, costs, admission } = this.#scenario
    const document = this.#document[client] ?? 0
    const node = document % this.#nodes.count
    if (admission !== undefined && this.#nodes.wait(node, now) > admission.aboveMs) return this.#turnAway(client, this.#nodes.serve(node, now, costs.reject))
    const done = Math.max(this.#loaded(document, node, now), this.#nodes.serve(node, now, costs.open))
    if (done + rttMs / 2 <= now + openTimeoutMs) return this.#schedule(client, COMES_ONLINE, done + rttMs / 2)
    this.#figures.timedOut += 1
    this.#figures.wastedMs += costs.open
    this.#schedule(client, GIVES_UP, now + openTimeoutMs)
  }

  /** When the document is in memory: the first who asks has it claimed in the store and loaded. */
  #loaded(document: number, node: number, now: number): number {
    const { storage, coldShare, seed, costs } = this.#scenario
    const ready = this.#readyAt[document] ?? -1
    if (ready >= 0) return ready
    if (coldShare < 1 && clientRandom(seed ^ COLD, document, 0) >= coldShare) return (this.#readyAt[document] = 0)
    this.#figures.loads += 1
    const claimed = this.#storage.serve(document % storage.nodes, now, storage.claimMs) + storage.latencyMs
    return (this.#readyAt[document] = Math.max(claimed, this.#nodes.serve(node, now, costs.load)))
  }

  /** The server's word wins over the client's own delay (`retry_after`). */
  #turnAway(client: number, at: number): void {
    const { admission, rttMs } = this.#scenario
    if (admission === undefined) return
    this.#figures.turnedAway += 1
    this.#failed(client)
    this.#try(client, at + rttMs / 2 + admission.retryFromMs + this.#random(client, 3) * (admission.retryToMs - admission.retryFromMs))
  }

  #retry(client: number, now: number): void {
    this.#failed(client)
    this.#try(client, now + retryDelay(this.#scenario.policy, this.#failures[client] ?? 0, this.#random(client, 4)))
  }

  #failed(client: number): void {
    this.#failures[client] = Math.min(30, (this.#failures[client] ?? 0) + 1)
  }

  #comesOnline(client: number, now: number): void {
    const { begin } = this.#scenario
    if (this.#state[client] === ONLINE) throw new Error(`client ${client} came online twice`)
    this.#gateways.online(this.#gateway[client] ?? 0)
    if (this.#nodes !== this.#gateways) this.#nodes.online((this.#document[client] ?? 0) % this.#nodes.count)
    this.#figures.cameOnline(client, now, now - (begin.kind === 'loss' ? 0 : beginsAt(this.#scenario, client)), now - (this.#startedAt[client] ?? 0))
    if (this.#scenario.documentsPerClient > 1) return this.#schedule(client, OPENS_REST, now + this.#random(client, 5) * REST_MS)
    this.#state[client] = ONLINE
  }

  /** The client's other documents follow within the base delay; here all at one moment of it, at another node. */
  #opensRest(client: number, now: number): void {
    const { documentsPerClient, costs } = this.#scenario
    this.#nodes.serve(client % this.#nodes.count, now, costs.open * (documentsPerClient - 1))
    this.#state[client] = ONLINE
  }
}

const COLD = 0x3c3c
/** Base delay of the reconnect gate. */
const REST_MS = 500

/** When a client begins: it notices that its connection is gone, or a person arrives. */
function beginsAt({ begin, seed }: FleetScenario, client: number): number {
  const random = clientRandom(seed, client, 0)
  if (begin.kind === 'loss') return begin.noticeFromMs + random * (begin.noticeToMs - begin.noticeFromMs)
  // The sum of three draws is bell-shaped enough for a rush hour, and ends where it should.
  return begin.overMs * (begin.shape === 'even' ? random : (random + clientRandom(seed, client, 6) + clientRandom(seed, client, 7)) / 3)
}
