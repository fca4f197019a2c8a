/** A property that is replaced for a while. */
interface Patched {
  readonly target: object
  readonly key: PropertyKey
  readonly before: PropertyDescriptor | undefined
}

/** Replaced properties, and the way back. */
export class Patches {
  readonly #patched: Patched[] = []

  /** Replaces `target[key]` by what `make` makes of it; leaves alone what is not there. */
  replace<F>(target: object, key: PropertyKey, make: (original: F) => F): void {
    if (!(key in target)) return
    const before = Object.getOwnPropertyDescriptor(target, key)
    if (before?.configurable === false && before.writable !== true) return
    const original = Reflect.get(target, key) as F
    this.#patched.push({ target, key, before })
    Object.defineProperty(target, key, { configurable: true, enumerable: before?.enumerable ?? true, writable: true, value: make(original) })
  }

  /** The last first, so that what was patched twice ends as it began. */
  restore(): void {
    for (const { target, key, before } of this.#patched.splice(0).reverse()) {
      if (before === undefined) Reflect.deleteProperty(target, key)
      else Object.defineProperty(target, key, before)
    }
  }
}
