import { DELETE, INSERT, RETAIN } from './component.ts'

/** Writes plain components in canonical form: `OperationWriter` without tables, for the paths where nanoseconds count. */
export class PlainWriter {
  readonly components: number[] = []
  private last = 0
  private waitingDelete = 0

  retain(length: number): void {
    if (this.waitingDelete > 0) {
      this.components.push(this.waitingDelete * 4 + DELETE)
      this.waitingDelete = 0
      this.push(length * 4 + RETAIN)
    } else if ((this.last & 3) === RETAIN && this.last > 0) this.grow(length)
    else this.push(length * 4 + RETAIN)
  }

  insert(length: number): void {
    if ((this.last & 3) === INSERT) this.grow(length)
    else this.push(length * 4 + INSERT)
  }

  delete(length: number): void {
    this.waitingDelete += length
  }

  /** The finished list: a waiting delete is written, a plain retain at the end is not. */
  finish(): number[] {
    if (this.waitingDelete > 0) this.components.push(this.waitingDelete * 4 + DELETE)
    else if ((this.last & 3) === RETAIN && this.last > 0) this.components.pop()
    return this.components
  }

  private push(value: number): void {
    this.components.push(value)
    this.last = value
  }

  private grow(length: number): void {
    this.last += length * 4
    this.components[this.components.length - 1] = this.last
  }
}
