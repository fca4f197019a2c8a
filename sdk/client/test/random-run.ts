import { OperationBuilder } from '@concord/ot'
import type { ClientFrame, ServerFrame } from '@concord/protocol'
import { ConcordError } from '../src/concord-error.ts'
import type { Effect } from '../src/session/effects.ts'
import { type Rules, RULES } from '../src/session/rules.ts'
import { SessionState } from '../src/session/session-state.ts'
import type { StoredBranch } from '../src/session/stored-branch.ts'
import { ReferenceServer, type ReferenceSession } from './reference-server.ts'
import { VirtualRuntime } from './virtual-runtime.ts'

/** One client of a run: its state, its stream, and what it has stored. */
interface Actor {
  readonly user: string
  state: SessionState
  session: ReferenceSession | undefined
  /** Frames on their way up; those of a broken stream may still arrive. */
  up: { readonly session: ReferenceSession; readonly frame: ClientFrame }[]
  disk: StoredBranch | undefined
  /** Copies of the disk that a user may have restored. */
  readonly backups: StoredBranch[]
  /** Text of the last submit. */
  sent: string
  /** What left is remembered with its number (R8), by client id and number. */
  readonly markers: Set<string>
  readonly handedBack: Set<string>
}

export interface RunOptions {
  readonly seed: number
  readonly steps: number
  readonly clients: number
  readonly rules?: Rules
  /** Undo brings text back that was deleted, so that what stands once can no longer be told from the log. */
  readonly undo?: boolean
  /** Plants replicas that went wrong by themselves. */
  readonly corrupt?: boolean
}

/**
 * A seeded run of several clients against the model: edits, late and cut streams, restarts, crashes with restore from disk,
 * rejects, contents, unasked reopening, lost logs, undo. Throws when a replica ends different from the fold of the log, when
 * an edit is lost without being handed back, or when one stands twice.
 */
export function randomRun(options: RunOptions): void {
  const random = new VirtualRuntime(options.seed).random
  new Run(options, (below) => Math.floor(random.float() * below)).go()
}

class Run {
  private readonly options: RunOptions
  private readonly pick: (below: number) => number
  private readonly server: ReferenceServer
  private readonly actors: Actor[]
  private clock = 0
  private marker = 0
  private readonly deleted = new Set<string>()
  /** What left under each number. */
  private readonly submitted = new Map<string, string>()
  /** After a crash the acknowledged operations of the last minutes are not known any more. */
  private readonly crashed = new Set<Actor>()
  /** Users with a device that went back in time: it does not know which numbers it used without success. */
  private readonly restored = new Set<string>()
  private logLost = false
  private corrupted = false

  constructor(options: RunOptions, pick: (below: number) => number) {
    this.options = options
    this.pick = pick
    this.server = new ReferenceServer({
      snapshotAt: 12,
      units: 3,
      compose: () => this.pick(2) === 0,
      composeTooMuch: () => !this.calm && this.pick(4) === 0,
      judge: () => (this.calm || this.pick(25) !== 0 ? 'commit' : this.pick(2) === 0 ? { reason: 'ATTRIBUTE_FORBIDDEN', message: 'no' } : { reason: 'RATE_LIMITED', message: 'later', retryAfterMs: 5 }),
    })
    this.actors = Array.from({ length: options.clients }, (_, i) => this.actor(`user${i % 3}`))
  }

  private calm = false

  go(): void {
    for (let step = 0; step < this.options.steps; step++) this.step(this.actors[this.pick(this.actors.length)]!)
    this.calm = true
    for (let round = 0; round < 400 && !this.isQuiet(); round++) for (const actor of this.actors) this.drive(actor)
    this.check()
  }

  private actor(user: string): Actor {
    return { user, state: this.fresh(undefined), session: undefined, up: [], disk: undefined, backups: [], sent: '', markers: new Set(), handedBack: new Set() }
  }

  private fresh(stored: StoredBranch | undefined): SessionState {
    return new SessionState({ rules: this.options.rules ?? RULES, undoGroupMs: 3, ...(stored === undefined ? {} : { stored }) })
  }

  private step(actor: Actor): void {
    this.clock++
    const roll = this.pick(100)
    if (roll < 30) this.edit(actor)
    else if (roll < 60) this.down(actor)
    else if (roll < 82) this.up(actor)
    else if (roll < 88 && this.options.undo === true) this.perform(actor, this.pick(3) > 0 ? actor.state.undo(this.clock) : actor.state.redo(this.clock))
    else if (roll < 93) this.cut(actor)
    else if (roll < 95) this.crash(actor)
    else if (roll < 96) this.server.restart()
    else if (roll < 97 && actor.session !== undefined) this.server.reopen(actor.session, 'slow_reader')
    else if (roll < 98 && this.pick(4) === 0) this.loseLog()
    else if (roll < 98 && this.options.corrupt === true && this.pick(4) === 0) this.corrupt(actor)
    else if (roll < 99) this.server.floor = Math.max(this.server.floor, this.server.head - this.pick(6))
    else this.open(actor)
  }

  private loseLog(): void {
    this.logLost = true
    this.server.lose(1 + this.pick(3))
  }

  /** Everything on its way arrives, a broken stream is opened again. */
  private drive(actor: Actor): void {
    this.clock += 2_000
    this.perform(actor, actor.state.timer('submit', this.clock))
    this.perform(actor, actor.state.timer('progress', this.clock))
    if (actor.session === undefined) this.open(actor)
    for (let i = 0; i < 40; i++) {
      this.up(actor)
      this.down(actor)
    }
  }

  private edit(actor: Actor): void {
    const text = actor.state.text
    const at = this.pick(text.length + 1)
    const builder = new OperationBuilder(text.length).retain(at)
    const kind = this.pick(10)
    let marker: string | undefined
    if (kind < 6 || text.length === at) {
      marker = String.fromCodePoint(0x4e00 + (this.marker++ % 20_000))
      builder.insert(marker, kind === 0 ? { bold: true } : undefined)
    } else if (kind < 8) {
      const length = 1 + this.pick(Math.min(3, text.length - at))
      for (const gone of text.slice(at, at + length)) this.deleted.add(gone)
      builder.delete(length)
    }
    else builder.retain(1 + this.pick(Math.min(4, text.length - at)), kind === 8 ? { italic: true } : { bold: null })
    const operation = builder.build()
    this.perform(actor, actor.state.edit(operation, this.clock))
    if (marker !== undefined) actor.markers.add(marker)
  }

  private up(actor: Actor): void {
    const next = actor.up.shift()
    if (next === undefined) return
    this.checkSeq(actor, next.frame)
    next.session.receive(next.frame)
    // A frame may arrive twice.
    if (this.pick(10) === 0) next.session.receive(next.frame)
  }

  private down(actor: Actor): void {
    const { session } = actor
    if (session === undefined) return this.open(actor)
    const frame = session.shift()
    if (frame !== undefined) return this.deliver(actor, frame)
    if (session.ended === undefined) return
    actor.session = undefined
    const error = session.ended === 'done' ? { reason: 'OWNER_MOVED' as const, message: 'gone' } : session.ended
    this.perform(actor, actor.state.failed(new ConcordError(error.reason === 'SESSION_REPLACED' ? { reason: 'OWNER_MOVED', message: 'late' } : error), this.clock))
  }

  /** A stream that loses or repeats a version is a fault that R1 finds. */
  private deliver(actor: Actor, frame: ServerFrame): void {
    const isVersion = frame.kind === 'change' || frame.kind === 'ack'
    const fault = this.calm || !isVersion ? 9 : this.pick(120)
    if (fault !== 0) this.perform(actor, actor.state.receive(frame, this.clock))
    if (fault === 1) this.perform(actor, actor.state.receive(frame, this.clock))
  }

  /** A replica that went wrong by itself: the hashes find it (R16). */
  private corrupt(actor: Actor): void {
    const stored = actor.state.stored('documents/x')
    const text = stored.content
    text.apply(new OperationBuilder(text.length).insert('~').build())
    this.corrupted = true
    this.cut(actor)
    this.crashed.add(actor)
    for (const marker of actor.markers) actor.handedBack.add(marker)
    actor.state = this.fresh({ document: stored.document, content: text, version: stored.version, epoch: stored.epoch, lastSeq: stored.lastSeq, ...(stored.clientId === undefined ? {} : { clientId: stored.clientId }) })
  }

  private open(actor: Actor): void {
    this.cut(actor)
    const opened = this.server.open(actor.user, actor.state.connecting('documents/x'))
    if ('kind' in opened) actor.session = opened
    else this.perform(actor, actor.state.failed(new ConcordError(opened), this.clock))
  }

  /** What is on its way up may still arrive; what is on its way down is lost. */
  private cut(actor: Actor): void {
    actor.session = undefined
    actor.state.disconnected()
    if (this.pick(2) === 0) actor.up = []
  }

  private crash(actor: Actor): void {
    this.cut(actor)
    this.crashed.add(actor)
    const old = actor.backups[this.pick(actor.backups.length * 3)]
    if (old !== undefined) {
      // Restored once only: two restored futures of one device use the same numbers, which no rule can tell apart.
      this.restored.add(actor.user)
      actor.backups.length = 0
      actor.disk = old
    }
    actor.state = this.fresh(old ?? actor.disk)
    const kept = new Set(actor.state.text.toString())
    for (const marker of actor.markers) if (!kept.has(marker)) actor.handedBack.add(marker)
  }

  private perform(actor: Actor, effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'persist':
          // What is not urgent may be lost in a crash.
          if (effect.urgent || this.pick(2) === 0) this.store(actor)
          break
        case 'send':
          this.send(actor, effect.frame)
          break
        case 'rejected':
          if (effect.operation.text !== actor.sent && effect.error.reason !== 'ROLE_REQUIRED') throw new Error(`R9: ${effect.operation.text} was handed back, ${actor.sent} was refused`)
          for (const marker of effect.operation.text) actor.handedBack.add(marker)
          break
        case 'stranded':
          for (const marker of effect.operation.text) actor.handedBack.add(marker)
          break
        case 'diverged':
          if (effect.reason === 'history_forked' ? !this.logLost : !this.corrupted) throw new Error(`diverged by itself: ${effect.reason} at ${effect.version}`)
          break
        case 'reopen':
          actor.session = undefined
          actor.state.disconnected()
          break
        case 'ended':
          throw new Error(`ended: ${effect.error.message}`)
        default:
      }
    }
  }

  private store(actor: Actor): void {
    if (actor.disk?.clientId !== undefined && !this.restored.has(actor.user) && this.pick(8) === 0) actor.backups.push(actor.disk)
    actor.disk = actor.state.stored('documents/x')
  }

  private send(actor: Actor, frame: ClientFrame): void {
    if (actor.session === undefined) return
    actor.up.push({ session: actor.session, frame })
    if (frame.kind === 'submit') actor.sent = frame.submit.operation.text
  }

  /** R8: one number names one sequence of bytes for ever. */
  private checkSeq(actor: Actor, frame: ClientFrame): void {
    if (frame.kind !== 'submit') return
    const { clientId, seq, operation, session } = frame.submit
    if (operation.components.length === 0) throw new Error('R14: an empty operation was submitted')
    const key = this.restored.has(actor.user) ? `${clientId}/${session}/${seq}` : `${clientId}/${seq}`
    const bytes = JSON.stringify([session, operation])
    if (this.submitted.has(key) && this.submitted.get(key) !== bytes) throw new Error(`R8: ${key} names two operations`)
    this.submitted.set(key, bytes)
  }

  private isQuiet(): boolean {
    return this.actors.every((actor) => actor.state.isLive && actor.state.sync === 'synchronized' && actor.state.version === this.server.head && actor.up.length === 0)
  }

  private check(): void {
    const fold = this.server.fold()
    for (const [i, { state }] of this.actors.entries()) {
      if (!state.isLive || state.sync !== 'synchronized') throw new Error(`client ${i} never came to rest: ${state.sync}, live ${state.isLive}`)
      if (!state.text.equals(fold)) throw new Error(`client ${i} shows ${JSON.stringify(state.text.toString())}, the log says ${JSON.stringify(fold.toString())}`)
      if (state.status.pending !== 0) throw new Error(`client ${i} counts ${state.status.pending} pending edits`)
    }
    this.checkMarkers(fold.toString())
  }

  /** Every typed marker that nobody deleted is in the text, once, or was handed back, or went with a crash before it was stored. */
  private checkMarkers(text: string): void {
    if (this.options.undo === true) return
    for (const marker of text) if (text.indexOf(marker) !== text.lastIndexOf(marker)) throw new Error(`${marker} stands twice`)
    for (const [i, actor] of this.actors.entries()) {
      if (this.logLost && this.crashed.has(actor)) continue
      for (const marker of actor.markers) {
        if (text.includes(marker) || this.deleted.has(marker) || actor.handedBack.has(marker)) continue
        throw new Error(`${marker} of client ${i} is lost`)
      }
    }
  }
}
