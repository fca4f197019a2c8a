/** A side of a partition: node names, actor groups, actor names, or `storage`. */
interface Partition {
  readonly a: ReadonlySet<string>
  readonly b: ReadonlySet<string>
  readonly oneWay: boolean
}

/** Which paths are cut now. Looked at for everything that passes, so that nothing but the partitions decides. */
export class Partitions {
  readonly #cuts = new Map<string, Partition>()

  begin(id: string, a: readonly string[], b: readonly string[], oneWay: boolean): void {
    this.#cuts.set(id, { a: new Set(a), b: new Set(b), oneWay })
  }

  end(id: string): void {
    this.#cuts.delete(id)
  }

  healAll(): void {
    this.#cuts.clear()
  }

  /** Whether what goes from one to the other is lost. Each is named by all its names: an actor by its own and its group's. */
  blocks(from: readonly string[], to: readonly string[]): boolean {
    for (const { a, b, oneWay } of this.#cuts.values()) {
      if (isIn(a, from) && isIn(b, to)) return true
      if (!oneWay && isIn(b, from) && isIn(a, to)) return true
    }
    return false
  }
}

function isIn(side: ReadonlySet<string>, names: readonly string[]): boolean {
  return names.some((name) => side.has(name))
}
