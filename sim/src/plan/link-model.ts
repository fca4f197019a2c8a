/** What a network path does to what passes. Everything is drawn from the link's own keyed random. */
export interface LinkModel {
  /** Median of the one-way delay in milliseconds. */
  readonly delayMs: number
  /** 99th percentile of it; the delay is log-normal between the two. Equal to the median: constant. */
  readonly delayP99Ms: number
  /** Bytes per second each way; 0: unlimited. */
  readonly bandwidth: number
  /** Bytes under way before the sender has to wait (transport window); 0: unlimited. */
  readonly window: number
  /** Probability that a submit arrives a second time, later, as after a retry. */
  readonly repeat: number
  /** Probability that a frame of the server is lost or doubled: what R1 is there for. */
  readonly glitch: number
  /** Up to this many milliseconds a reader leaves due frames lying, now and then: what R5 is there for. */
  readonly slowReadMs: number
  /** Bytes are cut into pieces of at most this size on the way (levels bytes, http2, live); 0: left whole. */
  readonly sliceBytes: number
}

export const PERFECT: LinkModel = { delayMs: 1, delayP99Ms: 1, bandwidth: 0, window: 0, repeat: 0, glitch: 0, slowReadMs: 0, sliceBytes: 0 }
