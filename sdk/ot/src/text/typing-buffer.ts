/** Units that typing may gather before they go into the tree: more than most people type at one place, little enough for every open document. */
const CAPACITY = 128

/**
 * The splice in progress: at tree position `at`, `removed` units of the tree are gone and `count` typed units stand in
 * their place. Typing, erasing and deleting on at one place change only this; the tree learns of it when the place changes
 * or somebody reads.
 */
export class TypingBuffer {
  at = 0
  removed = 0
  count = 0
  private readonly units = new Uint16Array(CAPACITY)

  /** Where the next typed unit goes, as a position of the document. */
  get end(): number {
    return this.at + this.count
  }

  get isEmpty(): boolean {
    return this.count === 0 && this.removed === 0
  }

  /** By how much the document is longer than the tree. */
  get growth(): number {
    return this.count - this.removed
  }

  hasRoom(length: number): boolean {
    return this.count + length <= CAPACITY
  }

  start(at: number): void {
    this.at = at
    this.removed = 0
    this.count = 0
  }

  /** The unit that stands `index` units after `at`. */
  unit(index: number): number {
    return this.units[index]!
  }

  append(text: string): void {
    for (let i = 0; i < text.length; i++) this.units[this.count++] = text.charCodeAt(i)
  }

  /** Takes units off its end, and where it has no more of them off the tree before it. */
  erase(length: number): void {
    const typed = Math.min(length, this.count)
    this.count -= typed
    this.at -= length - typed
    this.removed += length - typed
  }

  text(): string {
    if (this.count === 1) return String.fromCharCode(this.units[0]!)
    return String.fromCharCode.apply(null, this.units.subarray(0, this.count) as unknown as number[])
  }
}
