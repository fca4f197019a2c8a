import type { ServerFrame } from '@concord/protocol'
import type { Observe } from '../../checkers/checker.ts'
import type { LatencySeries, Plan, ServiceLevel } from '../../plan/plan.ts'
import { Histogram } from './histogram.ts'
import type { LevelOutcome, OverallLatency, Series } from '../run-result.ts'

/** Points a plot has at most. */
const MOST_STEPS = 600

/** What a session of an actor needs to be measured by. */
interface SessionFigures {
  clientId: string
  /** Versions up to here are catch-up, not news. */
  liveFrom: number
  isLive: boolean
  lostAt: number | undefined
  pending: number
}

/** Latencies and rates of one run, per step of virtual time. */
export class Statistics {
  readonly stepMs: number
  messages = 0
  acknowledged = 0
  reconnects = 0
  /** Operations whose commit was observed. */
  committed = 0
  readonly #now: () => number
  readonly #sessions = new Map<string, SessionFigures>()
  readonly #submittedAt = new Map<string, number>()
  /** By document and version: when its submit left. */
  readonly #leftAt = new Map<string, number[]>()
  readonly #documentOf: (actor: string) => string
  readonly #latencies = new Map<LatencySeries, Histogram[]>()
  readonly #operations: number[] = []
  readonly #connections: number[] = []
  readonly #reconnects: number[] = []
  readonly #pending: number[] = []
  readonly #pendingAfter: number[] = []
  #connected = 0
  #waiting = 0

  constructor(plan: Plan, now: () => number, documentOf: (actor: string) => string) {
    const least = (plan.endMs + plan.healMs / 4) / MOST_STEPS
    this.stepMs = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000, 300_000].find((step) => step >= least) ?? 3_600_000
    this.#now = now
    this.#documentOf = documentOf
  }

  readonly observe: Observe = {
    sent: ({ actor, frame }) => {
      this.messages += 1
      if (frame.kind !== 'submit') return
      const key = `${frame.submit.clientId}:${frame.submit.seq}`
      if (!this.#submittedAt.has(key)) this.#submittedAt.set(key, this.#now())
      this.#session(actor).clientId = frame.submit.clientId
    },
    received: ({ actor, frame }) => {
      this.messages += 1
      this.#received(actor, frame)
    },
    ended: ({ actor }) => this.#lost(this.#session(actor)),
    appended: ({ document, records, outcome }) => {
      if (outcome !== 'committed') return
      this.committed += records.length
      this.#operations[this.#step()] = (this.#operations[this.#step()] ?? 0) + records.length
      const leftAt = this.#versions(document)
      for (const { version, clientId, clientSeq } of records) {
        const key = `${clientId}:${clientSeq}`
        const left = this.#submittedAt.get(key)
        if (left !== undefined) leftAt[version] = left
      }
    },
    status: ({ actor, pending }) => {
      const session = this.#session(actor)
      this.#waiting += pending - session.pending
      session.pending = pending
      this.#noteWaiting()
    },
  }

  readonly measured = (series: LatencySeries, ms: number): void => {
    let steps = this.#latencies.get(series)
    if (steps === undefined) this.#latencies.set(series, (steps = []))
    ;(steps[this.#step()] ??= new Histogram()).add(ms)
  }

  outcome(level: ServiceLevel): LevelOutcome {
    const from = Math.floor((level.fromMs ?? 0) / this.stepMs)
    const to = level.toMs === undefined ? Infinity : Math.ceil(level.toMs / this.stepMs)
    const all = new Histogram()
    this.#latencies.get(level.series)?.forEach((step, index) => index >= from && index < to && all.merge(step))
    const measuredMs = all.at(level.percentile)
    return { ...level, samples: all.samples, met: measuredMs !== undefined && measuredMs <= level.atMostMs, ...(measuredMs === undefined ? {} : { measuredMs }) }
  }

  /** Of the whole run. */
  overall(): Partial<Record<LatencySeries, OverallLatency>> {
    const all = [...this.#latencies].map(([series, steps]) => {
      const merged = new Histogram()
      steps.forEach((step) => merged.merge(step))
      const at = (percentile: number): number => merged.at(percentile) ?? 0
      return [series, { samples: merged.samples, p50: at(50), p95: at(95), p99: at(99), most: at(100) }] as const
    })
    return Object.fromEntries(all)
  }

  series(cpu: Readonly<Record<string, readonly number[]>>): Series {
    const length = this.#step() + 1
    const perSecond = 1_000 / this.stepMs
    const counts = (list: readonly number[]) => Array.from({ length }, (_, step) => (list[step] ?? 0) * perSecond)
    const latencies = Object.fromEntries([...this.#latencies].map(([series, steps]) => [series, percentiles(steps, length)]))
    return {
      stepMs: this.stepMs,
      operations: counts(this.#operations),
      latencies,
      connections: carried(this.#connections, length),
      reconnects: counts(this.#reconnects),
      pending: carried(this.#pendingAfter, length).map((after, step) => this.#pending[step] ?? after),
      cpu,
    }
  }

  #received(actor: string, frame: ServerFrame): void {
    const session = this.#session(actor)
    switch (frame.kind) {
      case 'opened':
        session.clientId = frame.opened.clientId
        session.liveFrom = frame.opened.head
        return this.#found(session)
      case 'ack':
        this.acknowledged += 1
        return this.#acknowledged(`${session.clientId}:${frame.ack.seq}`)
      case 'change':
        return this.#visible(actor, session, frame.change.version)
      case 'composed':
        return this.#visible(actor, session, frame.composed.toVersion)
    }
  }

  #acknowledged(key: string): void {
    const left = this.#submittedAt.get(key)
    if (left === undefined) return
    this.#submittedAt.delete(key)
    this.measured('ack', this.#now() - left)
  }

  #visible(actor: string, session: SessionFigures, version: number): void {
    if (version <= session.liveFrom) return
    const left = this.#versions(this.#documentOf(actor))[version]
    if (left !== undefined) this.measured('visible', this.#now() - left)
  }

  #found(session: SessionFigures): void {
    if (!session.isLive) this.#connected += 1
    session.isLive = true
    this.#connections[this.#step()] = this.#connected
    if (session.lostAt === undefined) return
    this.measured('reconnect', this.#now() - session.lostAt)
    session.lostAt = undefined
    this.reconnects += 1
    this.#reconnects[this.#step()] = (this.#reconnects[this.#step()] ?? 0) + 1
  }

  #lost(session: SessionFigures): void {
    if (!session.isLive) return
    session.isLive = false
    session.lostAt = this.#now()
    this.#connected -= 1
    this.#connections[this.#step()] = this.#connected
  }

  /** It has a network again: from now on it is to find its way back, and what it did without one is nobody's latency. */
  reachable(actor: string): void {
    const session = this.#session(actor)
    if (session.lostAt !== undefined) session.lostAt = this.#now()
  }

  /** Closed by itself: it will not come back, and counts no more. */
  left(actor: string): void {
    const session = this.#session(actor)
    this.#lost(session)
    session.lostAt = undefined
    this.#waiting -= session.pending
    session.pending = 0
    this.#noteWaiting()
  }

  /** The most of a step is shown for it, the last of it for the quiet steps that follow. */
  #noteWaiting(): void {
    const step = this.#step()
    this.#pending[step] = Math.max(this.#pending[step] ?? 0, this.#waiting)
    this.#pendingAfter[step] = this.#waiting
  }

  #session(actor: string): SessionFigures {
    let session = this.#sessions.get(actor)
    if (session === undefined) this.#sessions.set(actor, (session = { clientId: '', liveFrom: 0, isLive: false, lostAt: undefined, pending: 0 }))
    return session
  }

  #versions(document: string): number[] {
    let versions = this.#leftAt.get(document)
    if (versions === undefined) this.#leftAt.set(document, (versions = []))
    return versions
  }

  #step(): number {
    return Math.floor(this.#now() / this.stepMs)
  }
}

function percentiles(steps: readonly Histogram[], length: number): Record<'p50' | 'p95' | 'p99', (number | null)[]> {
  const at = (percentile: number) => Array.from({ length }, (_, step) => steps[step]?.at(percentile) ?? null)
  return { p50: at(50), p95: at(95), p99: at(99) }
}

/** A gauge keeps its value until it changes. */
function carried(values: readonly number[], length: number): number[] {
  let last = 0
  return Array.from({ length }, (_, step) => (last = values[step] ?? last))
}
