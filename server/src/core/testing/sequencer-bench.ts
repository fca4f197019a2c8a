import { DocumentText, documentType, type Operation } from '@concord/ot'
import type { ClientId, Submit } from '@concord/protocol'
import type { Client } from '../client-table.ts'
import { resolveLimits, type Limits } from '../limits.ts'
import { RULES, type ServerRules } from '../rules.ts'
import { type DocumentStart, Sequencer, type Session } from '../sequencer.ts'
import type { Verdict } from '../verdict.ts'

export interface BenchOptions {
  readonly rules?: Partial<ServerRules>
  readonly limits?: Partial<Limits>
  readonly start?: Partial<DocumentStart>
}

/** A sequencer on a bench, with people who sit at it: no log, no streams, no time. */
export class SequencerBench {
  readonly sequencer: Sequencer
  now = 1_000

  constructor({ rules = {}, limits = {}, start = {} }: BenchOptions = {}) {
    const whole: DocumentStart = { epoch: 1, head: 0, text: DocumentText.empty(), state: { clients: [], users: [], epochs: [] }, recent: [], ...start }
    this.sequencer = new Sequencer(whole, { type: documentType('text'), limits: resolveLimits('default', limits), durability: 'local', rules: { ...RULES, ...rules }, now: this.now })
  }

  /** Opens a session, for a new client id when none is given. Throws when it would have to wait. */
  sit(userId: string, clientId?: ClientId): Seat {
    const client = clientId === undefined ? this.sequencer.newClient(userId, this.now) : this.sequencer.clients.get(clientId)
    if (client === undefined) throw new Error(`nobody knows ${clientId}`)
    const ticket = this.sequencer.fence(client)
    if (this.sequencer.mustWait(client)) throw new Error('the open has to wait')
    const session = this.sequencer.admit(client, ticket, userId, this.now)
    if ('reason' in session) throw new Error(session.reason)
    return new Seat(this, userId, client, session)
  }

  /** One append, committed. Returns the versions. */
  append(): number[] {
    this.sequencer.takeBatch()
    return this.sequencer.commit().map(({ change }) => change.version)
  }

  text(): string {
    const committed = this.sequencer.committedText()
    if (committed === undefined) throw new Error('operations run ahead')
    return committed.text.toString()
  }
}

export class Seat {
  readonly userId: string
  readonly client: Client
  readonly session: Session
  private readonly bench: SequencerBench

  constructor(bench: SequencerBench, userId: string, client: Client, session: Session) {
    this.bench = bench
    this.userId = userId
    this.client = client
    this.session = session
  }

  submitOf(seq: number, baseVersion: number, operation: Operation): Submit {
    return { session: this.session.id, clientId: this.client.clientId, seq, baseVersion, operation }
  }

  submit(seq: number, baseVersion: number, operation: Operation, change: Partial<Submit> = {}): Verdict {
    return this.bench.sequencer.submit({ ...this.submitOf(seq, baseVersion, operation), ...change }, this.userId, this.bench.now, this.bench.now)
  }

  /** Submits and commits. */
  commit(seq: number, baseVersion: number, operation: Operation): number {
    const verdict = this.submit(seq, baseVersion, operation)
    if (verdict.kind !== 'pending') throw new Error(`not taken: ${brief(verdict)}`)
    this.bench.append()
    return verdict.version
  }
}

/** `pending 3`, `ack 2@3`, `reject ROLE_REQUIRED`, `resync diverged`, `end SEQ_REUSED`, `ignored` */
export function brief(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'pending':
      return `pending ${verdict.version}${verdict.isResend ? ' again' : ''}`
    case 'ack':
      return `ack ${verdict.ack.seq}@${verdict.ack.version}`
    case 'reject':
      return `reject ${verdict.reject.error.reason}`
    case 'resync':
      return `resync ${verdict.reason} ${verdict.error.reason}`
    case 'end':
      return `end ${verdict.error.reason}`
    case 'ignored':
      return 'ignored'
  }
}
