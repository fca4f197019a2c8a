/**
 * What a client says on a stream, as the iterable that a call wants. Written to at any time, read by one reader; after
 * {@link end} the reader gets what is left, then the end.
 */
export class MessageQueue<Message> implements AsyncIterableIterator<Message> {
  private readonly messages: Message[] = []
  private ended = false
  private waiting: ((result: IteratorResult<Message>) => void) | undefined

  push(message: Message): void {
    if (this.ended) return
    if (this.waiting === undefined) this.messages.push(message)
    else this.answer({ value: message, done: false })
  }

  end(): void {
    this.ended = true
    if (this.waiting !== undefined) this.answer({ value: undefined, done: true })
  }

  next(): Promise<IteratorResult<Message>> {
    const message = this.messages.shift()
    if (message !== undefined) return Promise.resolve({ value: message, done: false })
    if (this.ended) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve) => (this.waiting = resolve))
  }

  return(): Promise<IteratorResult<Message>> {
    this.messages.length = 0
    this.end()
    return Promise.resolve({ value: undefined, done: true })
  }

  /** Transports call this when the call fails. */
  throw(): Promise<IteratorResult<Message>> {
    return this.return()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  private answer(result: IteratorResult<Message>): void {
    const waiting = this.waiting
    this.waiting = undefined
    waiting?.(result)
  }
}
