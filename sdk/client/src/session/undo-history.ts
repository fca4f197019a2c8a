import { compose, isEmpty, type Operation, transform } from '@concord/ot'
import { OperationPile } from './operation-pile.ts'

/** Edits that can be taken back, at most; the oldest are forgotten first. */
const MAX_ENTRIES = 1_000

/** Edits of one step, at most: somebody who types for minutes without a pause wants the last of it back, not all. */
const MAX_STEP_EDITS = 300

/**
 * One edit that can be taken back. `inverse` applies to the document as it was right after the edit; `over` holds what
 * others did since, which it must pass, and every entry below it too. Passing is left until the entry is needed.
 */
interface Entry {
  inverse: Operation
  readonly over: OperationPile
  /** Milliseconds of the monotonic clock at the last edit of the group. */
  at: number
  edits: number
}

/**
 * What one user can undo and redo, over everybody's edits: inverses captured as the edits were applied, carried over what
 * came later. Only the user's own edits are taken back, what others wrote stays.
 */
export class UndoHistory {
  private readonly undoStack: Entry[] = []
  private readonly redoStack: Entry[] = []
  private readonly groupMs: number
  private closed = false

  /** @param groupMs edits less than this many milliseconds apart are one step. */
  constructor(groupMs: number) {
    this.groupMs = groupMs
  }

  get canUndo(): boolean {
    return this.undoStack.length > 0
  }

  get canRedo(): boolean {
    return this.redoStack.length > 0
  }

  /** A local edit whose inverse is `inverse`. It joins the last step when that is recent, and ends all redoing. */
  record(inverse: Operation, at: number): void {
    if (isEmpty(inverse)) return
    this.redoStack.length = 0
    const last = this.undoStack.at(-1)
    if (last !== undefined && !this.closed && at - last.at < this.groupMs && last.edits < MAX_STEP_EDITS) {
      const below = settle(last)
      last.inverse = compose(inverse, last.inverse)
      last.at = at
      last.edits++
      if (below !== undefined) pass(this.undoStack.at(-2), below)
    } else push(this.undoStack, { inverse, over: new OperationPile(), at, edits: 1 })
    this.closed = false
  }

  /** The next edit begins a step of its own. */
  boundary(): void {
    this.closed = true
  }

  /** Something else than a local edit changed what is shown. */
  changed(operation: Operation): void {
    if (isEmpty(operation)) return
    pass(this.undoStack.at(-1), operation)
    pass(this.redoStack.at(-1), operation)
  }

  /**
   * What undoes the last step, for the document as it is now; undefined when there is nothing. `perform` applies it and
   * returns its inverse, which is what redo will do.
   */
  undo(perform: (operation: Operation) => Operation): boolean {
    return this.move(this.undoStack, this.redoStack, perform)
  }

  redo(perform: (operation: Operation) => Operation): boolean {
    return this.move(this.redoStack, this.undoStack, perform)
  }

  /** Forgets everything: after a refused edit the inverses stand on something that never was (R9). */
  clear(): void {
    this.undoStack.length = 0
    this.redoStack.length = 0
  }

  /** A step that others have emptied is passed over: an undo that changes nothing looks like a broken key. */
  private move(from: Entry[], to: Entry[], perform: (operation: Operation) => Operation): boolean {
    this.closed = true
    for (let entry = from.pop(); entry !== undefined; entry = from.pop()) {
      const below = settle(entry)
      if (below !== undefined) pass(from.at(-1), below)
      if (isEmpty(entry.inverse)) continue
      push(to, { inverse: perform(entry.inverse), over: new OperationPile(), at: entry.at, edits: 1 })
      return true
    }
    return false
  }
}

function push(stack: Entry[], entry: Entry): void {
  stack.push(entry)
  if (stack.length > MAX_ENTRIES) stack.shift()
}

function pass(entry: Entry | undefined, operation: Operation): void {
  if (entry === undefined || isEmpty(operation)) return
  entry.over.push(operation)
}

/** Carries the entry over what others did; returns the same as the entry below must pass it. */
function settle(entry: Entry): Operation | undefined {
  const others = entry.over.take()
  if (others === undefined) return undefined
  const [below, inverse] = transform(others, entry.inverse)
  entry.inverse = inverse
  return below
}
