import type { Client, ConcordError, Document } from '@concord/client'
import { connectWithRules, type SessionState } from '@concord/client/testing'
import { type Operation, OperationBuilder, transformPosition } from '@concord/ot'
import type { Submit } from '@concord/protocol'
import type { ActorLink } from '../network/network.ts'
import type { PlannedActor } from '../plan/plan.ts'
import type { Actor, ActorPlanEvent } from './actor.ts'
import type { ActorWorld } from './actor-world.ts'
import { Device } from './device.ts'
import { type EditEvent, editOperation, isEdit, positionAt, removedText } from './edit-operation.ts'
import { uniqueIn } from '../plan/unique-text.ts'
import type { Tab } from './tab.ts'

/** The presence channel of a document is open this long after the document, in milliseconds. */
const SETTLED_MS = 1_000

/** One tab of one user: the real client on a link, a hand, and a device that may die. */
export class Person implements Actor {
  readonly planned: PlannedActor
  document: Document | undefined
  link: ActorLink | undefined
  readonly #world: ActorWorld
  readonly #tab: Tab
  readonly #device: Device | undefined
  /** What was planned, so that hearing of it is right. */
  readonly #planned = { divergence: false, refusal: false, stranding: false, end: false }
  #client: Client | undefined
  #caret = 0
  /** Local edits since the hand began to move. */
  readonly #made: Operation[] = []
  #lastSubmitted = ''
  #joinedAt = 0
  #isOffline = false

  constructor(planned: PlannedActor, world: ActorWorld) {
    this.planned = planned
    this.#world = world
    this.#tab = world.tab(planned.name)
    // Large groups keep their edits in the client's own memory: nobody asks what their devices still have.
    if (planned.text === 'unique') this.#device = new Device(world.later, world.random(`device ${planned.name}`), planned.deviceMs)
  }

  get isExpected(): boolean {
    return this.#tab.state === 'up' && !this.#planned.end
  }

  expect(what: 'divergence' | 'refusal' | 'stranding' | 'end'): void {
    this.#planned[what] = true
  }

  sent(submit: Submit): void {
    this.#lastSubmitted = submit.operation.text
  }

  act(event: ActorPlanEvent): void {
    switch (event.kind) {
      case 'join':
        return this.#join()
      case 'leave':
        return this.#leave()
      case 'crash':
        return this.#crash()
      case 'stale-device':
        if (this.#device?.rollBack(event.count) === true) this.expect('stranding')
        return this.#crash()
      case 'cut':
        return this.link?.cut()
      case 'offline':
        this.#isOffline = true
        return this.link?.down()
      case 'hang':
        return this.link?.hang()
      case 'online':
        return this.#online()
      case 'stall':
        return this.link?.stall(event.forMs)
      case 'link':
        return this.link?.use(event.model)
      case 'attack':
        throw new Error(`${this.planned.name} is no hostile actor: the plan gives it the attack "${event.trick}"`)
      default:
        return this.#handle(event)
    }
  }

  heal(): void {
    this.#isOffline = false
    this.link?.restore()
    this.document?.goOnline()
  }

  get atRest(): boolean {
    if (this.document === undefined) return false
    const { connection, pending, error } = this.document.status
    return error === undefined && connection === 'online' && pending === 0
  }

  describe(): string {
    if (this.document === undefined) return 'the document never opened'
    const { connection, pending, error } = this.document.status
    return `${connection}, ${pending === 0 ? 'nothing' : 'edits'} pending${error === undefined ? '' : `, ended by ${error.reason}: ${error.message}`}`
  }

  /** What the hand does to a document that takes edits; anything else is no edit. */
  #handle(event: Exclude<ActorPlanEvent, { readonly kind: 'join' | 'leave' | 'crash' | 'stale-device' | 'cut' | 'offline' | 'hang' | 'online' | 'stall' | 'link' | 'attack' }>): void {
    const { document } = this
    if (document === undefined || document.status.error !== undefined) return
    if (event.kind === 'presence') return this.#showPresence(document, event.place)
    if (event.kind === 'boundary') return document.undoBoundary()
    if (event.kind === 'corrupt') return this.#corrupt(document)
    if (event.kind === 'distrust') return this.#distrust(document)
    if (!document.status.canEdit) return
    this.#watching(document, () => {
      if (event.kind === 'undo') document.undo()
      else if (event.kind === 'redo') document.redo()
      else if (event.kind === 'misbehave') this.#misbehave(document, event.text)
      else if (isEdit(event)) this.#edit(document, event)
    })
  }

  /** A browser says when the network is back; of a connection that hung it knows nothing. */
  #online(): void {
    this.link?.restore()
    if (this.#isOffline) this.#client?.goOnline()
    this.#isOffline = false
  }

  #join(): void {
    if (this.#tab.state === 'up') return
    const { clientRules, now, token, url } = this.#world
    const runtime = this.#tab.start()
    const { generation } = this.#tab
    const link = this.#world.link(this.planned)
    this.link = link
    if (this.#isOffline) link.down()
    this.#joinedAt = now()
    const storage = this.#device === undefined ? {} : { storage: this.#device }
    this.#client = connectWithRules({ url, token: () => token(this.planned), runtime, transport: () => link, undoGroupMs: 50, ...storage }, clientRules)
    const isAlive = () => generation === this.#tab.generation
    this.#client.open(`documents/${this.planned.document}`).then(
      (document) => isAlive() && this.#follow(document),
      (error: ConcordError) => isAlive() && this.#ended(error),
    )
  }

  /** Closes the tab in order. What is not acknowledged stays on the device. */
  #leave(): void {
    if (this.#tab.state !== 'up') return
    this.#excusePending('its author left before it was acknowledged')
    void this.#client?.close()
    this.#client = undefined
    this.document = undefined
    this.#tab.kill()
  }

  /** The tab dies and opens again. What its device has not stored may be lost; what was on its way may still arrive. */
  #crash(): void {
    if (this.#tab.state !== 'up') return
    if (this.#device === undefined) this.#excusePending('the device died')
    else this.#excuseUnstored(this.#device)
    this.#tab.kill()
    this.#device?.crash()
    this.link?.close()
    this.#client = undefined
    this.document = undefined
    this.#join()
  }

  #excuseUnstored(device: Device): void {
    const { latest } = device
    const kept = uniqueIn([latest?.inFlight?.operation.text, latest?.buffer?.text, latest?.content.toString()].join(''))
    this.#world.emit('forgotten', { actor: this.planned.name, kept })
  }

  #excusePending(why: string): void {
    const pending = this.document?.pendingOperation
    if (pending !== undefined) this.#world.emit('excused', { actor: this.planned.name, characters: uniqueIn(pending.text), why })
  }

  #edit(document: Document, event: EditEvent): void {
    const operation = editOperation(event, document.content, this.#caret)
    if (operation === undefined) return
    document.change(operation)
    if (event.kind === 'insert') {
      const from = event.place === undefined ? Math.min(this.#caret, document.text.length) : positionAt(document.content, event.place)
      this.#caret = Math.min(document.text.length, from + event.text.length)
    }
  }

  #misbehave(document: Document, text: string): void {
    this.expect('refusal')
    document.change(new OperationBuilder(document.text.length).insert(text, { onclick: 'x' }).build())
  }

  #showPresence(document: Document, place: number): void {
    const at = positionAt(document.content, place)
    document.presence.set({ name: this.planned.user, selection: { anchor: at, head: at }, data: { at: this.#world.now() } })
  }

  /** A bug in the page, or a bit flip: S is no longer what the server confirmed (R16). */
  #corrupt(document: Document): void {
    const { confirmed, text } = stateOf(document)
    if (confirmed !== text || confirmed.length < 3 || confirmed.charCodeAt(0) >= 0xd800) return
    this.expect('divergence')
    // Whoever deletes the wrong character deletes the right one on the server.
    this.#world.emit('excused', { actor: this.planned.name, characters: [confirmed.slice(0, 1)], why: 'covered by a planted corruption' })
    confirmed.apply(new OperationBuilder(confirmed.length).insert('x').delete(1).build())
  }

  #distrust(document: Document): void {
    this.expect('divergence')
    const session: { distrust: string } = Reflect.get(stateOf(document), 'session')
    session.distrust = 'hash'
    this.link?.cut()
  }

  /** Notes what the actor's own hand adds and takes away. */
  #watching(document: Document, act: () => void): void {
    if (this.planned.text === 'plain') return act()
    const before = document.content.snapshot()
    this.#made.length = 0
    act()
    const added = new Set<string>()
    const removed = new Set<string>()
    const made = this.#made.splice(0)
    for (const [index, operation] of made.entries()) {
      for (const character of uniqueIn(operation.text)) added.add(character)
      for (const character of uniqueIn(removedText(before, operation))) removed.add(character)
      // Nobody asks for the text behind the last of them, and mostly there is one.
      const fits = operation.baseLength === before.length && (index === made.length - 1 || before.apply(operation) === undefined)
      if (!fits) throw new Error(`${this.planned.name} was shown an edit that does not fit what was shown before`)
    }
    if (added.size > 0 || removed.size > 0) this.#world.emit('typed', { actor: this.planned.name, added, removed })
  }

  #follow(document: Document): void {
    this.document = document
    this.#world.measured('open', this.#world.now() - this.#joinedAt)
    document.on('change', ({ operation, origin }) => {
      if (origin === 'local') this.#made.push(operation)
      else this.#caret = transformPosition(this.#caret, operation, 'left')
    })
    document.on('rejected', (event) => this.#refused(document, event.error, event.operation.text))
    document.on('stranded', (event) => {
      const { name } = this.planned
      this.#world.emit('excused', { actor: name, characters: uniqueIn(event.operation.text), why: 'stranded' })
      this.#world.emit('stranded', { actor: name, reason: event.reason, planned: this.#planned.stranding || this.#planned.refusal })
    })
    document.on('diverged', ({ version, reason }) => this.#world.emit('diverged', { actor: this.planned.name, version, reason, planned: this.#planned.divergence }))
    document.on('status', ({ connection, pending, error }) => {
      this.#world.emit('status', { actor: this.planned.name, connection, pending })
      if (error !== undefined && error.reason !== 'CLOSED') this.#ended(error)
    })
    if (this.planned.text === 'unique') this.#followVersions(document)
    this.#followPresence(document)
  }

  #followVersions(document: Document): void {
    document.on('committed', ({ own, version }) => {
      const { clientId } = document.status
      if (clientId !== undefined) this.#world.emit('committed', { actor: this.planned.name, clientId, version, own })
    })
  }

  /** A refusal takes back the one operation in flight, and all of it only where the document is forbidden (R9). */
  #refused(document: Document, error: ConcordError, text: string): void {
    const { name } = this.planned
    const inFlight = uniqueIn(this.#lastSubmitted)
    const isAll = error.reason === 'ROLE_REQUIRED'
    const handedBack = [...uniqueIn(text)].filter((character) => isAll || inFlight.has(character))
    this.#world.emit('excused', { actor: name, characters: handedBack, why: 'refused' })
    const { canUndo, canRedo } = stateOf(document)
    const mayUndo = this.#device?.isInstant === true && (canUndo || canRedo)
    this.#world.emit('rejected', { actor: name, reason: error.reason, planned: this.#planned.refusal, mayUndo })
  }

  /** How long others' states take to get here; each carries the moment at which it was set. */
  #followPresence(document: Document): void {
    if (!this.#world.showsPresence(this.planned.document)) return
    const seen = new Map<string, string>()
    // Whoever comes later sees what was set before, and that says nothing about its way.
    const since = this.#world.now() + SETTLED_MS
    document.presence.on('change', (others) => {
      for (const { clientId, data } of others) {
        if (data === '' || seen.get(clientId) === data) continue
        seen.set(clientId, data)
        const setAt = momentIn(data)
        if (setAt >= since) this.#world.measured('presence', this.#world.now() - setAt)
      }
    })
  }

  #ended(error: ConcordError): void {
    this.#world.emit('closed', { actor: this.planned.name, reason: error.reason, planned: this.#planned.end || (this.#planned.refusal && error.reason === 'ROLE_REQUIRED') })
  }
}

/** When a state was set, by what `#showPresence` put into it. */
function momentIn(data: string): number {
  return (JSON.parse(data) as { readonly at: number }).at
}

/** The machine inside, for faults that no surface can make. */
function stateOf(document: Document): SessionState {
  return Reflect.get(document, 'state')
}
