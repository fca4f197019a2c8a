import type { Clock } from '@concord/runtime'

/** The `date` header (RFC 9110, 6.6.1), from the clock that everything else tells time by. Made once a second. */
export class HttpDate {
  readonly #clock: Clock
  #second = -1
  #text = ''

  constructor(clock: Clock) {
    this.#clock = clock
  }

  text(): string {
    const second = Math.floor(this.#clock.now() / 1_000)
    if (second !== this.#second) {
      this.#second = second
      this.#text = new Date(second * 1_000).toUTCString()
    }
    return this.#text
  }
}
