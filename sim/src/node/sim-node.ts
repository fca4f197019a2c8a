import type { Runtime } from '@concord/runtime'
import { composeWithRules, type Server } from '@concord/server/compose'
import type { Limits } from '@concord/server/core/limits'
import type { ServerRules } from '@concord/server/core/rules'
import type { CounterName, GaugeName, Telemetry } from '@concord/server/ports'
import type { Emit } from '../checkers/emit.ts'
import { keyOf, type SimStorage, type StorageView } from '../fakes/sim-storage.ts'
import { Process } from '../kernel/process.ts'
import { Processor } from '../kernel/processor.ts'
import type { Trace } from '../kernel/trace.ts'
import type { VirtualTime } from '../kernel/virtual-time.ts'
import type { Duplex } from 'node:stream'
import { EdgeNode } from '../network/http2/edge-node.ts'
import type { NodeSide, ServerWork } from '../network/network.ts'
import type { PlannedNode } from '../plan/plan.ts'

/** Milliseconds of processor time per piece of work, at slowness 1. */
export type CpuCosts = Readonly<Record<ServerWork, number>>

export interface SimNodeParts {
  readonly time: VirtualTime
  readonly planned: PlannedNode
  readonly storage: SimStorage
  readonly limitPreset: 'default' | 'loadtest'
  readonly limits: Partial<Limits>
  readonly rules: ServerRules
  /** Without: work takes no time. */
  readonly costs: CpuCosts | undefined
  readonly emit: Emit
  readonly trace: Trace
  /** Level http2: the real edge stands in front of the server. */
  readonly hasEdge?: boolean
}

/** What one generation of a node consists of. */
interface Running {
  readonly runtime: Runtime
  readonly view: StorageView
  readonly server: Server
  readonly edge: EdgeNode | undefined
}

/** Connections have this long to end by themselves when a node goes down in order, in milliseconds. */
const GOODBYE_MS = 2_000

/** Milliseconds between two looks how full the server is; its ticks may be much shorter. */
const MEASURE_MS = 100

/** One machine with the real server on it, as a process under virtual time on the stores that all nodes share. */
export class SimNode implements NodeSide {
  readonly name: string
  readonly process: Process
  /** Over all generations. */
  readonly counts = new Map<CounterName, number>()
  readonly #parts: SimNodeParts
  readonly #processor: Processor
  #running: Running | undefined
  #isDraining = false
  /** Somebody asked for it to run, the last thing anybody asked. */
  #isWanted = false
  /** The fullest that each kind of place was in this generation. */
  readonly #fullest = new Map<string, number>()
  #measuredAt = Number.NEGATIVE_INFINITY
  #mourners: (() => void)[] = []

  constructor(parts: SimNodeParts) {
    const { time, planned } = parts
    this.#parts = parts
    this.name = planned.name
    this.process = new Process(time, planned.name)
    this.process.skewMs = planned.skewMs
    this.#processor = new Processor(time, this.process)
    this.#processor.slowness = planned.slowness
  }

  /** Absent while it is down. */
  get server(): Server | undefined {
    return this.#running?.server
  }

  get hubs(): NodeSide['hubs'] {
    return this.#running?.server
  }

  /** Whether a load balancer sends new connections here, as `/readyz` tells it. A paused node is not found out at once. */
  get isReady(): boolean {
    return this.#running !== undefined && !this.#isDraining
  }

  /** Milliseconds of processor time spent over all generations. */
  get busyMs(): number {
    return this.#processor.busyMs
  }

  /** Pieces of work that wait for the processor or are being done. */
  get queued(): number {
    return this.#processor.queued
  }

  /** Does nothing when it runs already; while it goes down, it starts again afterwards. */
  start(): void {
    this.#isWanted = true
    if (this.#running !== undefined) return
    const { storage, limitPreset, limits, rules, hasEdge } = this.#parts
    const runtime = this.process.start()
    this.#fullest.clear()
    const view = storage.view(this.process)
    const { opLog, snapshots, documents, authenticator } = view
    const ports = { opLog, snapshots, documents, authenticator, telemetry: this.#telemetry(), runtime }
    const server = composeWithRules(ports, { limitPreset, limits }, rules)
    this.#running = { runtime, view, server, edge: hasEdge === true ? new EdgeNode(server) : undefined }
    this.#note('starts')
  }

  /** Dies without a word: nothing it awaits ever resolves, and what it asked of the stores may still happen. */
  kill(): void {
    this.#isWanted = false
    if (this.#running === undefined) return
    this.#note('dies')
    this.#end()
  }

  /** Asks its clients to go elsewhere, waits as long as they need to, goes down in order. */
  drain(): void {
    const running = this.#running
    if (running === undefined || this.#isDraining) return
    this.#isDraining = true
    this.#isWanted = false
    this.#note('drains')
    const { server, edge, runtime } = running
    this.process.deliver(() => {
      edge?.drain()
      server.drain()
      runtime.timers.set(server.limits.drainMs, () => void this.#close(running))
    })
  }

  pause(): void {
    if (this.process.state === 'up') this.#note('is paused')
    this.process.pause()
  }

  resume(): void {
    if (this.process.state === 'paused') this.#note('goes on')
    this.process.resume()
  }

  /** Its wall clock jumps. */
  clock(byMs: number): void {
    this.process.skewMs += byMs
    this.#note(`has its clock moved by ${byMs} ms`)
  }

  /** Its processor is slower by `factor` from now on; 1: as calibrated. */
  slow(factor: number): void {
    this.#processor.slowness = factor
    this.#note(`is slower by ${factor}`)
  }

  /** Level http2: a connection that a client made. */
  readonly accept = (connection: Duplex): void => this.#running?.edge?.accept(connection)

  onDeath(callback: () => void): void {
    this.#mourners.push(callback)
  }

  charge(work: ServerWork, run: () => void): void {
    const { costs } = this.#parts
    this.#processor.charge(costs?.[work] ?? 0, run)
  }

  /** Tells running sessions that somebody's role changed, as the rpc that changed it does on its node. */
  roleChanged(documentId: string, userId: string): void {
    this.process.deliver(() => this.#running?.server.access.roleChanged(keyOf(documentId), userId))
  }

  /** Tells running sessions that the document is gone. */
  deleted(documentId: string): void {
    this.process.deliver(() => this.#running?.server.access.deleted(keyOf(documentId)))
  }

  /** In the order of `main.ts`: what is under way is decided and told before connections say goodbye. */
  async #close(running: Running): Promise<void> {
    await running.server.close()
    await running.edge?.close(GOODBYE_MS)
    if (this.#running !== running) return
    running.view.close()
    this.#note('is down')
    this.#end()
    if (this.#isWanted) this.start()
  }

  #end(): void {
    this.#running = undefined
    this.#isDraining = false
    this.process.kill()
    const mourners = this.#mourners
    this.#mourners = []
    for (const callback of mourners) callback()
  }

  #note(what: string): void {
    const { trace, time } = this.#parts
    trace.note(time.now, this.name, undefined, [what], () => what)
  }

  #telemetry(): Telemetry {
    const { emit } = this.#parts
    const count = (metric: CounterName, by = 1): void => {
      this.counts.set(metric, (this.counts.get(metric) ?? 0) + by)
      emit('counted', { node: this.name, metric, by })
    }
    // Told by every tick while documents are loaded: a moment to look how full the server is.
    const gauge = (metric: GaugeName): void => void (metric === 'active_documents' && this.#measure())
    return { log: (...line) => this.#log(...line), count, observe: () => undefined, gauge }
  }

  /** Warnings and errors, as an operator sees them. */
  #log(...[level, message, fields]: Parameters<Telemetry['log']>): void {
    if (level !== 'warn' && level !== 'error') return
    const cause = String(fields?.['cause'] ?? '')
    const { trace, time, emit } = this.#parts
    trace.note(time.now, this.name, undefined, [level, message], () => `${level}: ${message}${cause === '' ? '' : ` (${cause})`}`)
    emit('logged', { node: this.name, level, message, cause })
  }

  /** What grew since it was looked at, and whatever is fuller than it may be. */
  #measure(): void {
    const { now } = this.#parts.time
    if (now - this.#measuredAt < MEASURE_MS) return
    this.#measuredAt = now
    for (const { what, length, limit } of this.#running?.server.load().waiting ?? []) {
      if (length <= (this.#fullest.get(what) ?? 0) && length <= limit) continue
      this.#fullest.set(what, length)
      this.#parts.emit('queue', { node: this.name, what, length, limit })
    }
  }
}
