/** A setting that holds for every node, or for one. */
export class Setting<Value> {
  #everywhere: Value
  readonly #byNode = new Map<string, Value>()

  constructor(value: Value) {
    this.#everywhere = value
  }

  /** Without `node` for all, those among them that had a value of their own. */
  set(value: Value, node?: string): void {
    if (node !== undefined) return void this.#byNode.set(node, value)
    this.#everywhere = value
    this.#byNode.clear()
  }

  of(node: string): Value {
    return this.#byNode.get(node) ?? this.#everywhere
  }
}

/** How the stores are at the moment. Everything that can go wrong without a bug. */
export class StorageConditions {
  /** `writes` as on a full disk, `everything` as when nobody answers the door. */
  readonly unavailable = new Setting<'nothing' | 'writes' | 'everything'>('nothing')
  /** Milliseconds that each call takes more. */
  readonly slowMs = new Setting(0)
  readonly permissions = new Setting(true)
  readonly keys = new Setting(true)
  /** Fates of the next appends, of one node or of whoever comes first. */
  readonly #fates: { readonly outcome: 'applied' | 'lost'; readonly node: string | undefined }[] = []

  ambiguous(outcome: 'applied' | 'lost', node?: string): void {
    this.#fates.push({ outcome, node })
  }

  takeFate(node: string): 'applied' | 'lost' | undefined {
    const index = this.#fates.findIndex((fate) => fate.node === undefined || fate.node === node)
    return index < 0 ? undefined : this.#fates.splice(index, 1)[0]!.outcome
  }

  /** Everything is as it should be again. */
  heal(): void {
    this.unavailable.set('nothing')
    this.slowMs.set(0)
    this.permissions.set(true)
    this.keys.set(true)
    this.#fates.length = 0
  }
}
