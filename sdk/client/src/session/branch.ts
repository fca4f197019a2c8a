import { compose, diff, DocumentText, equals, isEmpty, LOWEST_KEY, type Operation, split, stamp, type TieKey, transform, unstamp } from '@concord/ot'
import { OperationPile } from './operation-pile.ts'

/** Numbers in a buffer above which new edits are piled up beside it. */
const LONG_BUFFER = 256

/**
 * What one client has of a document: the last state the server confirmed (S), at most one operation in flight, and one
 * buffer with everything local after it. The document shown is the three applied in that order.
 *
 * Both local operations carry the client's tie key, because every transform needs it (R13). S shares its leaves with what
 * is shown, and is the same object while nothing is pending.
 */
export class Branch {
  private shownText: DocumentText
  private confirmedText: DocumentText
  private flying: Operation | undefined
  private folded: Operation | undefined
  /** The newest edits of a long buffer, not composed with it yet: an edit must not cost more the longer one is offline. */
  private readonly pile = new OperationPile()
  private tieKey: TieKey = LOWEST_KEY
  private readonly keepsEmpty: boolean

  /** @param keepsEmpty turns R14 off, for tests: an empty buffer stays and is submitted. */
  constructor(confirmed: DocumentText, inFlight?: Operation, buffer?: Operation, keepsEmpty = false) {
    this.keepsEmpty = keepsEmpty
    this.confirmedText = confirmed
    this.shownText = confirmed
    this.flying = inFlight
    this.folded = buffer
    if (this.hasPending) this.showFromConfirmed()
  }

  /** The document the user sees. */
  get shown(): DocumentText {
    return this.shownText
  }

  /** S, the last state confirmed by the server. */
  get confirmed(): DocumentText {
    return this.confirmedText
  }

  /** Applies to S. */
  get inFlight(): Operation | undefined {
    return this.flying
  }

  /** Applies after the operation in flight. */
  get buffer(): Operation | undefined {
    return this.waiting
  }

  get hasPending(): boolean {
    return this.flying !== undefined || this.folded !== undefined || !this.pile.isEmpty
  }

  get key(): TieKey {
    return this.tieKey
  }

  /** Takes the key that the server gave this client; what is pending is stamped anew (R13). */
  rekey(key: TieKey): void {
    this.tieKey = key
    if (this.flying !== undefined) this.flying = stamp(this.flying, key)
    if (this.waiting !== undefined) this.waiting = stamp(this.waiting, key)
  }

  /** Everything pending as one operation on S. */
  pending(): Operation | undefined {
    if (this.flying === undefined) return this.waiting
    return this.waiting === undefined ? this.flying : compose(this.flying, this.waiting)
  }

  /** A local edit. Returns what takes it back; throws RangeError, and changes nothing, when it does not fit what is shown. */
  edit(operation: Operation): Operation {
    const inverse = this.shownText.invert(operation)
    if (this.shownText === this.confirmedText) this.shownText = this.confirmedText.snapshot()
    applyOrThrow(this.shownText, operation)
    this.addToBuffer(stamp(operation, this.tieKey))
    return inverse
  }

  /**
   * A committed operation of somebody else: moves S, passes what is pending, and returns what it does to what is shown.
   * Undefined when it does not fit S; then nothing has changed (R16).
   */
  receive(operation: Operation): Operation | undefined {
    if (this.confirmedText.apply(operation) !== undefined) return undefined
    if (!this.hasPending) return operation
    let passed = operation
    if (this.flying !== undefined) [passed, this.flying] = transform(passed, this.flying)
    if (this.waiting !== undefined) [passed, this.waiting] = transform(passed, this.waiting)
    applyOrThrow(this.shownText, passed)
    this.dropEmptyBuffer()
    return passed
  }

  /** Moves the first part of the buffer into flight (R18) and returns it; `all` turns splitting off. */
  launch(all = false): Operation {
    if (this.flying !== undefined || this.waiting === undefined) throw new Error('launch needs a buffer and nothing in flight')
    const [head, rest] = all ? [this.waiting, undefined] : split(this.waiting)
    this.flying = head
    this.waiting = rest
    return head
  }

  /** The operation in flight was committed as it stands here: S moves over it. Returns it, and what would take it back. */
  commit(): { readonly operation: Operation; readonly inverse: Operation } {
    const operation = this.flying
    if (operation === undefined) throw new Error('commit without an operation in flight')
    const inverse = this.confirmedText.invert(operation)
    this.flying = undefined
    if (this.waiting === undefined) this.confirmedText = this.shownText
    else applyOrThrow(this.confirmedText, operation)
    return { operation, inverse }
  }

  /** The operation in flight cannot commit any more: it goes in front of the buffer (R3). */
  withdraw(): void {
    if (this.flying === undefined) return
    const front = this.flying
    this.flying = undefined
    this.waiting = this.waiting === undefined ? front : compose(front, this.waiting)
    this.dropEmptyBuffer()
  }

  /**
   * Takes the operation in flight back, beneath the buffer, which lives on (R9). Returns the operation, as it stood on S, and
   * what its disappearance does to what is shown.
   */
  takeBackInFlight(): { readonly operation: Operation; readonly change: Operation } {
    const operation = this.flying
    if (operation === undefined) throw new Error('there is nothing in flight to take back')
    let change = this.confirmedText.invert(operation)
    this.flying = undefined
    if (this.waiting !== undefined) [change, this.waiting] = transform(change, this.waiting)
    // Not by dropEmptyBuffer: what is shown still holds what is taken back, so S must not become it.
    if (this.bufferIsEmpty()) this.waiting = undefined
    this.showFromConfirmed()
    return { operation: unstamp(operation), change }
  }

  /** Takes everything pending back. */
  takeBackAll(): { readonly operation: Operation; readonly change: Operation } | undefined {
    const operation = this.pending()
    this.flying = undefined
    this.waiting = undefined
    if (operation === undefined) return undefined
    const change = this.confirmedText.invert(operation)
    this.showFromConfirmed()
    return { operation: unstamp(operation), change }
  }

  /**
   * Takes committed operations out of S and makes them pending again: `undo` takes S to the state without them. What is
   * shown stays. The first half of a fork's state path (R15).
   */
  reopen(undo: Operation): void {
    const again = stamp(this.confirmedText.invert(undo), this.tieKey)
    const without = this.confirmedText.snapshot()
    applyOrThrow(without, undo)
    this.withdraw()
    this.waiting = this.waiting === undefined ? again : compose(again, this.waiting)
    if (this.shownText === this.confirmedText) this.shownText = this.confirmedText.snapshot()
    this.confirmedText = without
    this.dropEmptyBuffer()
  }

  /**
   * The state path (R6): `content` is the truth now. S moves to it over the difference, and so does what is pending.
   * Returns what that does to what is shown. The caller has committed or withdrawn the operation in flight before.
   */
  replace(content: DocumentText): { readonly change: Operation; readonly difference: Operation } {
    // The first content of a document is all new: comparing it with nothing would only cost time.
    const difference = this.confirmedText.length === 0 ? content.content() : diff(this.confirmedText.content(), content.content())
    this.withdraw()
    let change = difference
    if (this.waiting !== undefined) [change, this.waiting] = transform(difference, this.waiting)
    if (this.bufferIsEmpty()) this.waiting = undefined
    this.confirmedText = content
    this.showFromConfirmed()
    return { change, difference }
  }

  private addToBuffer(operation: Operation): void {
    if (!this.pile.isEmpty || (this.folded !== undefined && this.folded.components.length > LONG_BUFFER)) return this.pile.push(operation)
    this.folded = this.folded === undefined ? operation : compose(this.folded, operation)
    this.dropEmptyBuffer()
  }

  private get waiting(): Operation | undefined {
    const newest = this.pile.take()
    if (newest !== undefined) this.folded = this.folded === undefined ? newest : compose(this.folded, newest)
    return this.folded
  }

  private set waiting(operation: Operation | undefined) {
    this.folded = operation
  }

  /** An empty buffer is no buffer, so that nothing empty is ever submitted (R14). */
  private dropEmptyBuffer(): void {
    if (this.bufferIsEmpty()) this.waiting = undefined
    if (!this.hasPending && this.shownText !== this.confirmedText) this.confirmedText = this.shownText
  }

  private bufferIsEmpty(): boolean {
    return this.waiting !== undefined && !this.keepsEmpty && isEmpty(this.waiting)
  }

  private showFromConfirmed(): void {
    this.shownText = this.confirmedText
    if (!this.hasPending) return
    this.shownText = this.confirmedText.snapshot()
    if (this.flying !== undefined) applyOrThrow(this.shownText, this.flying)
    if (this.waiting !== undefined) applyOrThrow(this.shownText, this.waiting)
  }
}

/** Whether two forms of one operation do the same: tie keys are the session's business, not the operation's. */
export function sameEffect(a: Operation, b: Operation): boolean {
  return equals(unstamp(a), unstamp(b))
}

function applyOrThrow(text: DocumentText, operation: Operation): void {
  const failure = text.apply(operation)
  if (failure === undefined) return
  if (failure.code === 'length') throw new RangeError(`the operation is for ${failure.expected} units, the document has ${failure.actual}`)
  throw new RangeError(`the operation cuts a surrogate pair at ${failure.position}`)
}
