import type { Socket } from 'node:net'
import { systemRuntime } from '@concord/runtime'
import type { Direction, ProxyConditions } from './proxy-conditions.ts'

/** Bytes that one direction holds at most where the model names no window. */
const WINDOW = 1_048_576

/** What waits for its time: bytes, or how the sender ended. */
type What = { readonly kind: 'bytes'; readonly bytes: Buffer } | { readonly kind: 'end' } | { readonly kind: 'reset' }
type Due = What & { readonly at: number }

const { clock, timers } = systemRuntime

/** One direction of one connection: what comes in on one socket leaves on the other in order, later, in pieces. */
export class ProxyPipe {
  readonly #direction: Direction
  readonly #from: Socket
  readonly #to: Socket
  readonly #conditions: ProxyConditions
  readonly #due: Due[] = []
  /** Bytes that wait here. */
  #held = 0
  /** When the line has passed on what it has, and when the last of it arrives. */
  #lineFree = 0
  #lastDue = 0
  #isArmed = false
  #isFull = false
  #isOver = false

  constructor(direction: Direction, from: Socket, to: Socket, conditions: ProxyConditions) {
    this.#direction = direction
    this.#from = from
    this.#to = to
    this.#conditions = conditions
    from.on('data', (bytes: Buffer) => this.#take(bytes))
    from.on('end', () => this.#put({ kind: 'end' }))
    from.on('error', () => this.#put({ kind: 'reset' }))
    to.on('drain', () => {
      this.#isFull = false
      this.pump()
    })
    to.on('close', () => this.#stop())
  }

  /** The sender was reset by a fault: what is under way still arrives, then the receiver hears of it. */
  senderGone(): void {
    this.#put({ kind: 'reset' })
  }

  /** Lets go what is due. Called again whenever conditions change. */
  readonly pump = (): void => {
    while (!this.#isOver && !this.#isFull && !this.#conditions.isBlocked(this.#direction)) {
      const [first] = this.#due
      if (first === undefined) return
      const waitMs = first.at - clock.monotonic()
      if (waitMs > 0) return this.#arm(waitMs)
      this.#due.shift()
      this.#leave(first)
    }
  }

  #take(bytes: Buffer): void {
    const { model, random } = this.#conditions
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, model.sliceBytes === 0 ? bytes.length : at + 1 + random.below(model.sliceBytes))
      at += piece.length
      this.#held += piece.length
      this.#put({ kind: 'bytes', bytes: piece })
    }
    if (this.#held >= this.#window) this.#from.pause()
  }

  #put(what: What): void {
    if (this.#isOver) return
    const { bandwidth } = this.#conditions.model
    const size = what.kind === 'bytes' ? what.bytes.length : 0
    this.#lineFree = Math.max(clock.monotonic(), this.#lineFree) + (bandwidth === 0 ? 0 : (size / bandwidth) * 1_000)
    this.#lastDue = Math.max(this.#lastDue, this.#lineFree + this.#conditions.delay())
    this.#due.push({ ...what, at: this.#lastDue })
    this.pump()
  }

  #leave(due: Due): void {
    if (due.kind === 'end') return void this.#to.end()
    if (due.kind === 'reset') {
      this.#stop()
      return void this.#to.resetAndDestroy()
    }
    this.#held -= due.bytes.length
    if (!this.#to.write(due.bytes)) this.#isFull = true
    if (this.#held < this.#window / 2 && this.#from.isPaused()) this.#from.resume()
  }

  get #window(): number {
    const { window } = this.#conditions.model
    return window === 0 ? WINDOW : Math.max(window, 1_024)
  }

  /** A millisecond is as fine as timers are; what is due sooner waits that long. */
  #arm(waitMs: number): void {
    if (this.#isArmed) return
    this.#isArmed = true
    timers.set(waitMs, () => {
      this.#isArmed = false
      this.pump()
    })
  }

  #stop(): void {
    this.#isOver = true
    this.#due.length = 0
  }
}
