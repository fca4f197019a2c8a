import type { LogRecord } from '@concord/server/ports'
import type { Checker, FinalState, ObservationKind, Replica, Violation } from '../../checkers/checker.ts'
import { CHECKERS } from '../../checkers/checkers.ts'
import { Histories } from '../../checkers/kit/history.ts'
import { Trace } from '../../kernel/trace.ts'
import { describeEvent } from '../../plan/describe-event.ts'
import type { Plan } from '../../plan/plan.ts'
import { describeReceived, describeSent, digestOfSent, FrameDigests } from '../../run/watch/frame-digest.ts'
import { Observers } from '../../run/watch/observers.ts'
import { Owners } from '../../run/watch/owners.ts'
import type { CheckerOutcome } from '../../run/run-result.ts'
import { Sometimes } from '../../run/watch/sometimes.ts'
import { Statistics } from '../../run/watch/statistics.ts'
import { unmetExpectations } from '../../run/unmet-expectations.ts'
import { GrowingLogs } from './growing-logs.ts'
import type { Recorded } from './recording.ts'
import { UNCHECKED } from './unchecked.ts'

export interface LiveFindings {
  readonly plan: Plan
  /** In the order of their times. */
  readonly entries: readonly Recorded[]
  readonly replicas: readonly Replica[]
  /** Every document's log as it was read in the end. */
  readonly logs: ReadonlyMap<string, readonly LogRecord[]>
  /** Head of each document before the run. */
  readonly heads: ReadonlyMap<string, number>
  readonly endedAt: number
}

/**
 * Goes through a live run again, in its order, with the logs at hand: statistics, owners and checkers hear what they
 * would have heard in the simulator, and a row counts as appended when the first client heard of it.
 */
export class JudgedRecording {
  readonly violations: Violation[] = []
  readonly trace = new Trace()
  readonly statistics: Statistics
  readonly owners: Owners
  readonly sometimes: Sometimes
  readonly #findings: LiveFindings
  readonly #logs: GrowingLogs
  readonly #observers = new Observers()
  readonly #digests = new FrameDigests()
  readonly #checkers: readonly { readonly name: string; readonly promise: string; readonly checker: Checker }[]
  #now = 0

  constructor(findings: LiveFindings) {
    this.#findings = findings
    const { plan } = findings
    const now = (): number => this.#now
    const documents = new Map(plan.world.actors.map(({ name, document }) => [name, document]))
    this.owners = new Owners(now)
    this.sometimes = new Sometimes(this.owners)
    this.statistics = new Statistics(plan, now, (actor) => documents.get(actor) ?? '')
    for (const { observe } of [this.owners, this.sometimes, this.statistics]) this.#observers.add(observe)
    this.#logs = new GrowingLogs({ findings, documents, node: plan.world.nodes[0]?.name ?? 'server', emit: this.#observers.emit })
    const log = (document: string): readonly LogRecord[] => this.#logs.of(document)
    const histories = new Histories(log)
    const heard = CHECKERS.filter(({ name }) => !UNCHECKED.has(name))
    this.#checkers = heard.map(({ name, promise, make }) => ({ name, promise, checker: make({ plan, now, log, histories, violated: (message) => this.#violated(name, message) }) }))
    for (const { checker } of this.#checkers) this.#observers.add(checker.on)
    this.#goThrough()
    this.#judge()
  }

  get outcomes(): CheckerOutcome[] {
    return this.#checkers.map(({ name, promise }) => ({ name, promise, violations: this.violations.filter(({ checker }) => checker === name).length }))
  }

  #goThrough(): void {
    const { plan, entries, endedAt } = this.#findings
    const events = new Map(plan.events.map((event) => [event.id, event]))
    for (const entry of entries) {
      this.#now = Math.max(this.#now, entry.at)
      if (entry.kind === 'measured') {
        this.statistics.measured(entry.seen.series, entry.seen.ms)
        continue
      }
      if (entry.kind === 'received') this.#logs.heardOf(entry.seen.actor, entry.seen.frame)
      this.#note(entry)
      this.#observers.emit<ObservationKind>(entry.kind, entry.seen)
      const event = entry.kind === 'event' ? events.get(entry.seen.id) : undefined
      if (event?.kind === 'leave') this.statistics.left(event.actor)
      if (event?.kind === 'online') this.statistics.reachable(event.actor)
      if (event !== undefined) this.trace.note(this.#now, 'actor' in event ? event.actor : 'plan', undefined, [event.id, event.kind], () => describeEvent(event))
    }
    this.#now = Math.max(this.#now, endedAt)
  }

  #note(entry: Recorded): void {
    switch (entry.kind) {
      case 'sent': {
        const { actor, frame } = entry.seen
        return this.trace.note(this.#now, actor, 'server', digestOfSent(frame), () => describeSent(frame))
      }
      case 'received': {
        const { actor, node, frame } = entry.seen
        return this.trace.note(this.#now, node, actor, this.#digests.of(frame), () => describeReceived(frame))
      }
      case 'ended': {
        const { actor, node, reason } = entry.seen
        return this.trace.note(this.#now, node, actor, ['ended', reason], () => `the stream ends: ${reason}`)
      }
      default:
        return
    }
  }

  #judge(): void {
    this.#logs.toTheEnd()
    const end: FinalState = { now: this.#now, replicas: this.#findings.replicas, counts: new Map() }
    for (const { checker } of this.#checkers) checker.finish?.(end)
    for (const { checker, message } of unmetExpectations(this.#findings.plan.expect, this.statistics, this.sometimes)) this.#violated(checker, message)
  }

  #violated(checker: string, message: string): void {
    this.violations.push({ checker, message, at: this.#now, seq: this.trace.seq })
    this.trace.note(this.#now, 'plan', undefined, ['violation', checker], () => `VIOLATION of "${checker}": ${message}`)
  }
}

