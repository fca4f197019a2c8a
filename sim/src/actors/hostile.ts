import type { Channel, ConcordError } from '@concord/client'
import { insertedLength, isEmpty, lengthAfter, type Operation, OperationBuilder } from '@concord/ot'
import { type ClientFrame, type ClientId, type Open, type Opened, type Reason, REASONS, type ServerFrame, type Submit } from '@concord/protocol'
import type { ActorLink } from '../network/network.ts'
import type { PlannedActor } from '../plan/plan.ts'
import type { Trick } from '../plan/tricks.ts'
import type { Actor, ActorPlanEvent } from './actor.ts'
import type { ActorWorld } from './actor-world.ts'
import { type Attack, ATTACKS } from './attacks.ts'

/** What a hostile actor knows of its session. */
export interface Foothold {
  readonly opened: Opened
  readonly version: number
  /** Units of the document at `version`. */
  readonly length: number
  readonly lastSeq: number
  /** The last submit of its own that was acknowledged. */
  readonly committed: Submit | undefined
  /** A client id of somebody else, seen in a change. */
  readonly foreign: ClientId | undefined
}

/** Somebody who writes frames by hand. Each attack begins with a session of its own, so that one answer belongs to one attack. */
export class Hostile implements Actor {
  readonly planned: PlannedActor
  readonly document = undefined
  readonly isExpected = false
  readonly atRest = true
  link: ActorLink | undefined
  readonly #world: ActorWorld
  #foreign: ClientId | undefined

  constructor(planned: PlannedActor, world: ActorWorld) {
    this.planned = planned
    this.#world = world
  }

  act(event: ActorPlanEvent): void {
    if (event.kind === 'join') this.link ??= this.#world.link(this.planned)
    if (event.kind === 'leave') this.link?.close()
    if (event.kind === 'cut') this.link?.cut()
    if (event.kind === 'attack') this.#attack(event.trick)
  }

  sent(): void {}
  expect(): void {}
  heal(): void {
    this.link?.restore()
  }

  describe(): string {
    return 'hostile'
  }

  #attack(trick: Trick): void {
    // UTF-8 has no lone surrogates: the encoder sends a replacement character, which is an edit like any other.
    if (trick === 'lone surrogate' && this.#world.encodes) return
    this.link ??= this.#world.link(this.planned)
    new Raid(this.link, this.planned, ATTACKS[trick], this.#foreign, {
      answered: (reason, expected, submit) => this.#world.emit('answered', { actor: this.planned.name, trick, reason, expected, ...(submit === undefined ? {} : { submit }) }),
      seen: (clientId) => (this.#foreign = clientId),
    }).begin()
  }
}

interface RaidObserver {
  answered(reason: string, expected: readonly string[], submit: Submit | undefined): void
  seen(clientId: ClientId): void
}

/** One attack: open, come to the head, commit what the attack needs, then send the bad message and look at the answer. */
class Raid {
  readonly #link: ActorLink
  /** Calls beside the stream may overtake each other. */
  readonly #unary: boolean
  readonly #documentId: string
  readonly #attack: Attack
  readonly #observer: RaidObserver
  #channel: Channel<ClientFrame> | undefined
  #opened: Opened | undefined
  #version = 0
  #length = 0
  #lastSeq = 0
  #submitted: Submit | undefined
  #committed: Submit | undefined
  #struck: Submit | undefined
  /** Number of a good submit that follows the attack: when it is acknowledged, the attack was not answered. */
  #probe: number | undefined
  #foreign: ClientId | undefined
  #stage: 'coming' | 'committing' | 'attacking' | 'done' = 'coming'

  constructor(link: ActorLink, { document, unary }: PlannedActor, attack: Attack, foreign: ClientId | undefined, observer: RaidObserver) {
    this.#link = link
    this.#documentId = document
    this.#unary = unary
    this.#attack = attack
    this.#foreign = foreign
    this.#observer = observer
  }

  begin(): void {
    this.#channel = this.#openAs(this.#attack.opensAs?.(this.#foreign), (frame) => this.#heard(frame))
    if (this.#attack.opensAs !== undefined) this.#stage = this.#foreign === undefined ? 'done' : 'attacking'
  }

  #openAs(clientId: ClientId | undefined, message: (frame: ServerFrame) => void): Channel<ClientFrame> {
    const open: Open = { document: `documents/${this.#documentId}`, version: 0, epoch: 0, lastSeq: 0, sdk: 'hostile', features: [], snapshot: false, algorithms: [], ...(clientId === undefined ? {} : { clientId }) }
    return this.#link.openSession(open, { message, ended: (error) => this.#ended(error) })
  }

  #heard(frame: ServerFrame): void {
    if (this.#stage === 'done') return
    if (frame.kind === 'opened') return this.#onOpened(frame.opened)
    if (frame.kind === 'reject' && frame.reject.seq === this.#probe) return
    if (frame.kind === 'reject') return this.#stage === 'attacking' && isAnswer(frame.reject.error.reason) ? this.#answer(frame.reject.error.reason) : this.#giveUp()
    if (frame.kind === 'ack' && this.#stage === 'attacking' && frame.ack.seq !== this.#committed?.seq) return this.#answer(frame.ack.seq === this.#probe ? 'silence' : 'ack')
    this.#follow(frame)
    if (this.#stage === 'committing' && frame.kind === 'ack') this.#committed = this.#submitted
    if (this.#opened !== undefined && this.#version >= this.#opened.head) this.#go()
  }

  #onOpened(opened: Opened): void {
    // Falling out of the window answers no message: it happens to whoever reads slowly.
    if (this.#stage === 'attacking' && opened.reason === 'slow_reader') return this.#giveUp()
    if (this.#stage === 'attacking') return this.#answer(opened.reason === undefined ? 'opened' : `resync:${opened.reason}`)
    this.#opened = opened
    if (this.#version >= opened.head) this.#go()
  }

  /** Content and changes, as far as their lengths go. */
  #follow(frame: ServerFrame): void {
    switch (frame.kind) {
      case 'snapshot':
        this.#length += insertedLength(frame.snapshot.content)
        if (this.#length >= frame.snapshot.total) this.#version = frame.snapshot.version
        return
      case 'change':
        if (frame.change.author.userId !== this.#opened?.userId) this.#observer.seen(frame.change.author.clientId)
        return this.#passed(frame.change.version, frame.change.operation)
      case 'composed':
        return this.#passed(frame.composed.toVersion, frame.composed.operation)
      case 'ack':
        return this.#passed(frame.ack.version, frame.ack.operation ?? this.#submitted?.operation)
    }
  }

  #passed(version: number, operation: Operation | undefined): void {
    this.#version = version
    if (operation !== undefined) this.#length += lengthAfter(operation) - operation.baseLength
  }

  #go(): void {
    if (this.#opened === undefined || this.#stage === 'attacking') return
    if (this.#stage === 'coming' && this.#attack.needsCommit && isEditor(this.#opened)) {
      this.#stage = 'committing'
      return this.#submit(new OperationBuilder(this.#length).insert('h').build())
    }
    if (this.#stage === 'committing' && this.#committed === undefined) return
    this.#stage = 'attacking'
    this.#strike(this.#opened)
  }

  #strike(opened: Opened): void {
    const foothold: Foothold = { opened, version: this.#version, length: this.#length, lastSeq: this.#lastSeq, committed: this.#committed, foreign: this.#foreign }
    const strike = this.#attack.strike?.(foothold)
    if (strike === undefined) return this.#giveUp()
    if (strike.frame.kind === 'submit') this.#struck = strike.frame.submit
    const send = (): void => this.#channel?.send(strike.frame)
    if (strike.replaces) this.#openAs(opened.clientId, ({ kind }) => kind === 'opened' && send())
    else send()
    if (!strike.replaces && strike.frame.kind === 'submit' && isEditor(opened) && !this.#unary) this.#probeAfter(strike.frame.submit)
  }

  #probeAfter({ seq }: Submit): void {
    this.#lastSeq = Math.max(this.#lastSeq, seq)
    this.#submit(new OperationBuilder(this.#length).insert('h').build())
    this.#probe = this.#lastSeq
  }

  #submit(operation: Operation): void {
    if (this.#opened === undefined || isEmpty(operation)) return
    this.#lastSeq = Math.max(this.#lastSeq, this.#opened.lastSeq) + 1
    this.#submitted = { session: this.#opened.session, clientId: this.#opened.clientId, seq: this.#lastSeq, baseVersion: this.#version, operation }
    this.#channel?.send({ kind: 'submit', submit: this.#submitted })
  }

  /** An owner that went away, a network that broke, a document that is gone, a window that was left behind: no answer to the attack. */
  #ended(error: ConcordError): void {
    if (this.#stage === 'attacking' && isAnswer(error.reason)) this.#answer(error.reason)
    else this.#stage = 'done'
  }

  #answer(reason: string): void {
    const isReader = this.#opened !== undefined && !isEditor(this.#opened)
    this.#observer.answered(reason, isReader && this.#attack.isSubmit ? ['ROLE_REQUIRED', ...this.#attack.expected.filter((one) => one !== 'ack')] : this.#attack.expected, this.#struck)
    this.#giveUp()
  }

  #giveUp(): void {
    this.#stage = 'done'
    this.#channel?.close()
  }
}

/** What is away or gone answers no message. */
function isAnswer(reason: string): boolean {
  return reason in REASONS && REASONS[reason as Reason].code !== 'UNAVAILABLE' && reason !== 'DOCUMENT_NOT_FOUND'
}

function isEditor({ role }: Opened): boolean {
  return role === 'editor' || role === 'owner'
}
