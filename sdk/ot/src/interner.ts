/**
 * A table of distinct entries in order of first use. Entries are looked up by identity first and by name only when they
 * are new objects, because operations share their attribute sets and naming one costs a string.
 */
export class Interner<T extends object> {
  readonly entries: T[] = []
  private readonly nameOf: (entry: T) => string
  private readonly byIdentity = new Map<T, number>()
  private readonly byName = new Map<string, number>()

  constructor(nameOf: (entry: T) => string) {
    this.nameOf = nameOf
  }

  /** The index of an entry equal to `entry`, which is added when there is none. */
  indexOf(entry: T): number {
    const known = this.byIdentity.get(entry)
    if (known !== undefined) return known
    const name = this.nameOf(entry)
    let index = this.byName.get(name)
    if (index === undefined) {
      index = this.entries.push(entry) - 1
      this.byName.set(name, index)
    }
    this.byIdentity.set(entry, index)
    return index
  }
}
