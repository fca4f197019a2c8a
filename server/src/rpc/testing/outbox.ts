/** Messages of a client on a stream it keeps open. */
export class Outbox<T> implements AsyncIterableIterator<T> {
  #queue: T[] = []
  #waiting: ((result: IteratorResult<T>) => void) | undefined
  #over = false

  push(value: T): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting === undefined) this.#queue.push(value)
    else waiting({ done: false, value })
  }

  end(): void {
    this.#over = true
    this.#waiting?.({ done: true, value: undefined })
  }

  next(): Promise<IteratorResult<T>> {
    const value = this.#queue.shift()
    if (value !== undefined) return Promise.resolve({ done: false, value })
    if (this.#over) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve) => (this.#waiting = resolve))
  }

  return(): Promise<IteratorResult<T>> {
    this.end()
    return Promise.resolve({ done: true, value: undefined })
  }

  throw(): Promise<IteratorResult<T>> {
    return this.return()
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
