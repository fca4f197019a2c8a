/** Typed events. A listener that throws does not keep the others from hearing: its error is reported as uncaught. */
export class Emitter<Events extends object> {
  private readonly listeners = new Map<keyof Events, Set<(event: never) => void>>()

  /** Calls `listener` with every event of that name from now on. Returns what takes it off again. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    let set = this.listeners.get(name)
    if (set === undefined) this.listeners.set(name, (set = new Set()))
    set.add(listener)
    return () => set.delete(listener)
  }

  /** Whether somebody listens: what nobody hears need not be made. */
  protected hears(name: keyof Events): boolean {
    return (this.listeners.get(name)?.size ?? 0) > 0
  }

  protected emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const set = this.listeners.get(name)
    if (set === undefined || set.size === 0) return
    for (const listener of [...set]) {
      try {
        ;(listener as (event: Events[Name]) => void)(event)
      } catch (error) {
        reportError(error)
      }
    }
  }
}

/** An exception of the application's is its own: rethrown outside, it reaches `window.onerror` or `uncaughtException`. */
function reportError(error: unknown): void {
  void Promise.reject(error)
}
