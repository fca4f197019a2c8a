import { type Bias, type Operation, transformPosition } from '@concord/ot'

/** A place in a document that edits carry along: a comment's end, a bookmark. */
export interface Anchor {
  /** Units from the start, now. Where its text was deleted, the place where it was. */
  readonly position: number
  /** Stops following edits. */
  release(): void
}

/** The anchors of one document. */
export class Anchors {
  private readonly anchors = new Set<Follower>()

  /** @param bias the side on which the anchor stays of what is inserted exactly at its place. */
  add(position: number, bias: Bias): Anchor {
    const anchor = new Follower(position, bias, (gone) => this.anchors.delete(gone))
    this.anchors.add(anchor)
    return anchor
  }

  changed(operation: Operation): void {
    for (const anchor of this.anchors) anchor.pass(operation)
  }
}

class Follower implements Anchor {
  private place: number
  private readonly bias: Bias
  private readonly forget: (anchor: Follower) => void

  constructor(position: number, bias: Bias, forget: (anchor: Follower) => void) {
    this.place = position
    this.bias = bias
    this.forget = forget
  }

  get position(): number {
    return this.place
  }

  pass(operation: Operation): void {
    this.place = transformPosition(this.place, operation, this.bias)
  }

  release(): void {
    this.forget(this)
  }
}
