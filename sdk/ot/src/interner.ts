/** Up to this many entries are looked through; more are found by name. Hardly any operation has more. */
const FEW = 8

/** A table of distinct entries in order of first use, in time linear in what is looked up however many there are. */
export class Interner<T extends object> {
  readonly entries: T[] = []
  private readonly equal: (a: T, b: T) => boolean
  private readonly nameOf: (entry: T) => string
  private indices: Map<string, number> | undefined

  /** `equal` and `nameOf` say the same: equal entries have equal names, and nothing else has. */
  constructor(equal: (a: T, b: T) => boolean, nameOf: (entry: T) => string) {
    this.equal = equal
    this.nameOf = nameOf
  }

  /** The index of an entry equal to `entry`, which is added when there is none. */
  indexOf(entry: T): number {
    const { entries } = this
    if (entries.length > FEW) return this.indexByName(entry)
    for (let i = 0; i < entries.length; i++) if (this.equal(entries[i]!, entry)) return i
    return entries.push(entry) - 1
  }

  private indexByName(entry: T): number {
    this.indices ??= new Map(this.entries.map((known, index) => [this.nameOf(known), index]))
    const name = this.nameOf(entry)
    const known = this.indices.get(name)
    if (known !== undefined) return known
    this.indices.set(name, this.entries.length)
    return this.entries.push(entry) - 1
  }
}
