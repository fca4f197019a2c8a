import { compose, DocumentText, type Operation, stamp, type TextRun, transform } from '@concord/ot'
import type { ChangeOrigin, CollaborativeDocument, TextChange } from '../src/index.ts'

/** One log and the documents that follow it: as much of a server as a binding can tell. */
export class FakeRoom {
  readonly log: { readonly operation: Operation; readonly author: FakeDocument }[] = []
  readonly documents: FakeDocument[] = []

  join(): FakeDocument {
    const document = new FakeDocument(this, this.documents.length + 1)
    this.documents.push(document)
    return document
  }

  /** Until everybody has everything. */
  settle(): void {
    for (let round = 0; round < 2; round++) {
      for (const document of this.documents) document.exchange()
      for (const document of this.documents) document.pull(this.log.length)
    }
  }
}

/** Edits at once, composes what it has not sent, and rebases that over what it receives. */
export class FakeDocument implements CollaborativeDocument {
  readonly text: { readonly length: number; slice(from: number, to?: number): string; runs(): Iterable<TextRun> }
  readonly room: FakeRoom
  private readonly user: number
  private readonly content = DocumentText.empty()
  private readonly listeners = new Set<(change: TextChange) => void>()
  private version = 0
  private pending: Operation | undefined

  constructor(room: FakeRoom, user: number) {
    this.room = room
    this.user = user
    this.text = this.content
  }

  get hash(): string {
    return this.content.hash()
  }

  change(operation: Operation): void {
    this.apply(operation, 'local')
  }

  /** As undo does: a local edit that the editor did not make. */
  changeElsewhere(operation: Operation): void {
    this.apply(operation, 'local')
  }

  on(_event: 'change', listener: (change: TextChange) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Receives up to `version`, then sends what is pending. */
  exchange(): void {
    this.pull(this.room.log.length)
    if (this.pending === undefined) return
    this.room.log.push({ operation: stamp(this.pending, { user: this.user, client: this.user.toString(16).padStart(16, '0') }), author: this })
    this.pending = undefined
    this.version = this.room.log.length
  }

  /** Receives at most up to a version of the log. */
  pull(version: number): void {
    while (this.version < Math.min(version, this.room.log.length)) {
      const { operation } = this.room.log[this.version++]!
      if (this.pending === undefined) this.emit(operation, 'remote')
      else {
        const key = { user: this.user, client: this.user.toString(16).padStart(16, '0') }
        const [theirs, mine] = transform(operation, stamp(this.pending, key))
        this.pending = mine
        this.emit(theirs, 'remote')
      }
    }
  }

  private apply(operation: Operation, origin: ChangeOrigin): void {
    this.emit(operation, origin)
    this.pending = this.pending === undefined ? operation : compose(this.pending, operation)
  }

  private emit(operation: Operation, origin: ChangeOrigin): void {
    const failure = this.content.apply(operation)
    if (failure !== undefined) throw new RangeError(JSON.stringify(failure))
    for (const listener of this.listeners) listener({ operation, origin })
  }
}
