import type { Client, ConcordError, Document } from '@concord/client'
import { connectWithRules, type Rules, type SessionState } from '@concord/client/testing'
import { OperationBuilder } from '@concord/ot'
import type { KeyedRandom } from '../kernel/keyed-random.ts'
import type { VirtualTime } from '../kernel/virtual-time.ts'
import type { Device } from './device.ts'
import { FaultyLink, identityOf, type LinkFaults, type ServerSide } from './faulty-link.ts'
import type { Ledger } from './ledger.ts'
import { nextEdit, type UniqueCharacters, uniqueIn } from './typist.ts'

export const DOCUMENT = 'documents/protocol'

/** What an author's world consists of; shared by all but the device. */
export interface AuthorWorld {
  readonly world: VirtualTime
  readonly ledger: Ledger
  readonly fresh: UniqueCharacters
  readonly rules: Rules
  readonly server: () => ServerSide
  readonly faults: LinkFaults
  /** Something happened that no planted fault explains. */
  readonly suspect: (what: string) => void
  /** A version of the author's own came back as committed. */
  readonly acknowledged: (version: number, clientId: string) => void
}

/** One tab of one user: the real client on a faulty link, a careless hand, and a device that may die. */
export class Author {
  readonly name: string
  readonly userId: string
  readonly device: Device
  document: Document | undefined
  /** Divergence was planted, so hearing of one is right. */
  mayDiverge = false
  /** A refusal was planted, or the role was taken away. */
  mayBeRefused = false
  /** The device's copy was rolled back. */
  mayStrand = false
  link: FaultyLink
  readonly #outer: AuthorWorld
  readonly #random: KeyedRandom
  #lastSubmitted = ''
  #client: Client | undefined
  #generation = 0

  constructor(name: string, userId: string, device: Device, random: KeyedRandom, outer: AuthorWorld) {
    this.name = name
    this.userId = userId
    this.device = device
    this.#outer = outer
    this.#random = random
    this.link = this.#newLink()
  }

  start(): void {
    const { world, rules } = this.#outer
    const generation = ++this.#generation
    const isAlive = () => generation === this.#generation
    const runtime = world.runtime(`${this.name}.${generation}`, isAlive)
    const link = this.#newLink()
    this.link = link
    this.#client = connectWithRules({ url: 'sim:', token: async () => 'token', runtime, storage: this.device, transport: () => link, undoGroupMs: 50 }, rules)
    this.#client.open(DOCUMENT).then(
      (document) => isAlive() && this.#follow(document),
      (error: ConcordError) => isAlive() && this.#outer.suspect(`${this.name} could not open the document: ${error.reason} ${error.message}`),
    )
  }

  /** One thing the hand does. */
  act(): void {
    const { document } = this
    if (document === undefined || !document.status.canEdit || document.status.error !== undefined) return
    const draw = this.#random.float()
    this.#watching(document, () => {
      if (draw < 0.1) document.undo()
      else if (draw < 0.14) document.redo()
      else document.change(nextEdit(this.#random, document.content, this.#outer.fresh))
    })
    if (this.#random.chance(0.2)) document.undoBoundary()
  }

  /** Types something no server takes; what is typed after it must survive (R9). */
  misbehave(): void {
    const { document } = this
    if (document === undefined || !document.status.canEdit || document.status.error !== undefined) return
    this.mayBeRefused = true
    this.#watching(document, () => document.change(new OperationBuilder(document.text.length).insert(this.#outer.fresh.next(), { onclick: 'x' }).build()))
  }

  /** More text at once than one operation may carry (R18). */
  paste(units: number): void {
    const { document } = this
    if (document === undefined || !document.status.canEdit || document.status.error !== undefined) return
    // One large stretch is enough: every later edit costs the fold its whole length.
    if (document.text.length >= units) return this.act()
    this.#watching(document, () => document.text.insert(document.text.length, this.#outer.fresh.next() + 'p'.repeat(units)))
  }

  /** The tab dies. What its device has not stored may be lost; what was on its way may still arrive. */
  crash(): void {
    const { ledger } = this.#outer
    const stored = this.device.latest
    const kept = uniqueIn([stored?.inFlight?.operation.text, stored?.buffer?.text, stored?.content.toString()].join(''))
    for (const character of ledger.owedTo(this.name)) if (!kept.has(character)) ledger.excuse(character, 'the device died before it was stored')
    this.#generation += 1
    this.device.crash()
    this.link.close()
    this.#client = undefined
    this.document = undefined
    this.start()
  }

  /** A bug in the page, or a bit flip: S is no longer what the server confirmed (R16). */
  corrupt(): void {
    const { document } = this
    if (document === undefined) return
    const { confirmed, text } = stateOf(document)
    if (confirmed !== text || confirmed.length < 3 || confirmed.charCodeAt(0) >= 0xd800) return
    this.mayDiverge = true
    // Whoever deletes the wrong character deletes the right one on the server.
    this.#outer.ledger.excuse(confirmed.slice(0, 1), 'covered by a planted corruption')
    confirmed.apply(new OperationBuilder(confirmed.length).insert('x').delete(1).build())
  }

  /** The client stops trusting its content while something may be in flight, and comes back for the server's (R6). */
  distrust(): void {
    if (this.document === undefined) return
    this.mayDiverge = true
    const session: { distrust: string } = Reflect.get(stateOf(this.document), 'session')
    session.distrust = 'hash'
    this.link.cut(false)
  }

  #newLink(): FaultyLink {
    const { world, server, faults, suspect } = this.#outer
    return new FaultyLink(world, this.#random, identityOf(this.userId), server, faults, {
      submitted: (submit) => {
        this.#lastSubmitted = submit.operation.text
      },
      // An owner that lets go says so itself; one that forgot a live session has broken its word (R17).
      streamEnded: (error) => {
        if (error.reason === 'SESSION_UNKNOWN') suspect(`${this.name} has a session that its owner forgot`)
      },
    })
  }

  /** Notes what the author's own hand adds and takes away. */
  #watching(document: Document, act: () => void): void {
    const { ledger } = this.#outer
    const before = uniqueIn(document.text.toString())
    act()
    const after = uniqueIn(document.text.toString())
    for (const character of after) if (!before.has(character)) ledger.typed(character, this.name)
    for (const character of before) if (!after.has(character)) ledger.removed(character, this.name)
  }

  #follow(document: Document): void {
    const { ledger, suspect, acknowledged } = this.#outer
    this.document = document
    const handedBack = (text: string, why: string) => {
      for (const character of uniqueIn(text)) ledger.excuse(character, why)
    }
    document.on('committed', (event) => {
      if (event.own && document.status.clientId !== undefined) acknowledged(event.version, document.status.clientId)
    })
    document.on('rejected', (event) => {
      // A refusal takes back the one operation in flight, and all of it only where the document is forbidden (R9).
      const inFlight = uniqueIn(this.#lastSubmitted)
      const isAll = event.error.reason === 'ROLE_REQUIRED'
      handedBack([...uniqueIn(event.operation.text)].filter((character) => isAll || inFlight.has(character)).join(''), 'refused')
      if (!this.mayBeRefused) suspect(`${this.name} was refused: ${event.error.reason} ${event.error.message}`)
      const { canUndo, canRedo } = stateOf(document)
      if (this.device.isInstant && (canUndo || canRedo)) suspect(`${this.name} can undo over a refused edit (R9)`)
    })
    document.on('stranded', (event) => {
      handedBack(event.operation.text, 'stranded')
      if (!this.mayStrand && !this.mayBeRefused) suspect(`${this.name} had edits stranded: ${event.reason}`)
    })
    document.on('diverged', (event) => {
      if (!this.mayDiverge) suspect(`${this.name} diverged at version ${event.version}: ${event.reason}`)
    })
  }
}

/** The machine inside, for faults that no surface can make. */
function stateOf(document: Document): SessionState {
  return Reflect.get(document, 'state')
}
