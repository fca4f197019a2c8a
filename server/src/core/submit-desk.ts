import type { Ack, Submit, WireError } from '@concord/protocol'
import type { Identity } from '../ports/index.ts'
import type { SubmitDecision } from './carrier.ts'
import { NOT_FOUND, OWNER_MOVED, rateLimited, storageUnavailable, wireError } from './failures.ts'
import type { Parts } from './parts.ts'
import type { OperationRates } from './rates.ts'
import type { RoleCache } from './role-cache.ts'
import type { Sequencer } from './sequencer.ts'
import type { Draft } from './draft.ts'
import type { Verdict } from './verdict.ts'

/** Takes the decision about one submit; what commits is told by {@link SubmitDesk.committed}, or in the stream's slot. */
export type Answer = (verdict: Decided) => void

export type Decided = Exclude<Verdict, { kind: 'pending' }>

/** One submit on its way to the sequencer. */
interface Case {
  readonly submit: Submit
  readonly identity: Identity
  readonly answer: Answer
  /** Resolves a unary call once the log has decided. */
  readonly decided: ((decision: SubmitDecision) => void) | undefined
  /** Monotonic milliseconds at arrival. */
  readonly arrivedAt: number
}

/** Times a client may say the same while it waits for a rate; more is a flood. */
const RESENDS = 8

interface Waiter {
  readonly submit: Submit
  readonly decided: (decision: SubmitDecision) => void
}

/**
 * What stands between a submit and the sequencer: the role of the user, checked for each operation, and the rates. A submit
 * above a rate waits, because refusing it would take an edit away from somebody; only a full queue refuses.
 */
export class SubmitDesk {
  private readonly parts: Parts
  private readonly sequencer: Sequencer
  private readonly roles: RoleCache
  private readonly rates: OperationRates
  private readonly taken: () => void
  private readonly held: Case[] = []
  private readonly waiters = new Map<number, Waiter[]>()
  private isTimed = false
  private isClosed = false

  /** @param taken something waits to be appended */
  constructor(parts: Parts, sequencer: Sequencer, roles: RoleCache, rates: OperationRates, taken: () => void) {
    this.parts = parts
    this.sequencer = sequencer
    this.roles = roles
    this.rates = rates
    this.taken = taken
  }

  /** Submits that wait for a rate. */
  get waiting(): number {
    return this.held.length
  }

  submit(submit: Submit, identity: Identity, answer: Answer, decided?: (decision: SubmitDecision) => void): void {
    const one: Case = { submit, identity, answer, decided, arrivedAt: this.parts.runtime.clock.monotonic() }
    if (this.roles.isFresh) this.judge(one)
    else void this.judgeLater(one)
  }

  /** The log has these: unary callers hear it. */
  committed(drafts: readonly Draft[], ackOf: (draft: Draft) => Ack): void {
    if (this.waiters.size === 0) return
    for (const draft of drafts) {
      const waiters = this.waiters.get(draft.change.version)
      if (waiters === undefined) continue
      this.waiters.delete(draft.change.version)
      for (const { decided } of waiters) decided({ kind: 'ack', ack: ackOf(draft) })
    }
  }

  /** The epoch is over. Returns those whose submits may be in the log; the others hear `error`. */
  close(error: WireError): readonly Waiter[] {
    this.isClosed = true
    const held = this.held.splice(0)
    for (const { answer } of held) answer({ kind: 'end', error })
    const inDoubt = [...this.waiters.values()].flat()
    this.waiters.clear()
    return inDoubt
  }

  private async judgeLater(one: Case): Promise<void> {
    const isKnown = await this.roles.refresh()
    if (this.isClosed) return one.answer({ kind: 'end', error: OWNER_MOVED })
    if (isKnown) return this.judge(one)
    this.refuse(one, storageUnavailable(this.parts.limits.storageRetryMs))
  }

  private judge(one: Case): void {
    const { submit, identity, answer } = one
    const role = this.roles.role(identity.userId)
    if (role === undefined) return answer({ kind: 'end', error: NOT_FOUND })
    if (!this.parts.rules.mayEdit(role)) return this.refuse(one, wireError('ROLE_REQUIRED', 'Your role in this document does not allow editing. Ask an owner.'))
    const wait = this.rates.take(submit.clientId, `${identity.tenant}/${identity.userId}`, this.parts.runtime.clock.monotonic())
    if (wait > 0) return this.hold(one, wait)
    this.sequence(one)
  }

  private sequence(one: Case): void {
    const { clock } = this.parts.runtime
    const { submit, identity } = one
    const begun = clock.monotonic()
    const verdict = this.sequencer.submit(submit, identity.userId, clock.now(), begun)
    this.parts.telemetry.observe('transform_latency_ms', clock.monotonic() - begun)
    this.answer(one, verdict)
  }

  private answer(one: Case, verdict: Verdict): void {
    const { telemetry } = this.parts
    switch (verdict.kind) {
      case 'pending':
        if (verdict.isResend) telemetry.count('duplicates_total')
        else if (verdict.passed > 0) telemetry.count('conflicts_total')
        if (one.decided !== undefined) this.await(verdict.version, one.submit, one.decided)
        if (!verdict.isResend) this.taken()
        return
      case 'ack':
        telemetry.count('duplicates_total')
        break
      case 'reject':
        telemetry.count('rejects_total')
        break
      case 'end':
        if (verdict.error.reason === 'SEQ_REUSED') this.reportReuse(one)
        break
      case 'ignored':
      case 'resync':
        break
    }
    one.answer(verdict)
  }

  private reportReuse({ submit, identity }: Case): void {
    this.parts.telemetry.count('seq_reused_total')
    this.parts.telemetry.log('warn', 'a client used a sequence number for other bytes', { client: submit.clientId, seq: submit.seq, user: identity.userId })
  }

  private await(version: number, submit: Submit, decided: (decision: SubmitDecision) => void): void {
    const waiters = this.waiters.get(version)
    if (waiters === undefined) this.waiters.set(version, [{ submit, decided }])
    else waiters.push({ submit, decided })
  }

  /** A resend waits behind what it repeats; anything else of a client that waits already is one too many. */
  private hold(one: Case, waitMs: number): void {
    const own = this.held.filter(({ submit }) => submit.clientId === one.submit.clientId)
    const isResend = own.every(({ submit }) => submit.seq === one.submit.seq)
    const error = rateLimited('Too many operations: send fewer, larger ones.', waitMs)
    if (own.length >= RESENDS) return one.answer({ kind: 'end', error })
    if (!isResend || this.held.length >= this.parts.limits.documentQueue) return this.refuse(one, error)
    this.held.push(one)
    this.time(waitMs)
  }

  private refuse(one: Case, error: WireError): void {
    this.answer(one, this.sequencer.refuse(one.submit, one.identity.userId, error))
  }

  private time(waitMs: number): void {
    if (this.isTimed) return
    this.isTimed = true
    this.parts.runtime.timers.set(waitMs, () => {
      this.isTimed = false
      this.release()
    })
  }

  /** Those who waited are judged again, in their order; whoever still has to wait goes back to the queue. */
  private release(): void {
    if (this.isClosed) return
    for (const one of this.held.splice(0)) this.submit(one.submit, one.identity, one.answer, one.decided)
  }
}
