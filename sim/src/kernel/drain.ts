/** Captured before anything can replace it: the one way in which the kernel waits for promises to settle. */
const immediate = setImmediate

/** How many of the kernel's own immediates wait at most: so often the event loop turns, for a signal or a progress bar. */
const MOST = 512

/**
 * Between kernel and guard: whether the kernel is asking for an immediate right now, which is how the guard tells the
 * kernel's from everybody else's; and how much Node has begun by itself, so that the kernel waits until that is done.
 */
const own = { asking: false, begun: 0 }

export function isKernelAsking(): boolean {
  return own.asking
}

/** Node has begun something by itself, which may take turns of the event loop. */
export function nodeHasBegun(): void {
  own.begun += 1
}

/**
 * Calls `step` until it returns false, each time after everything that could settle has. Node runs all ticks and
 * microtasks to the end between any two immediates, so many are queued at once: a turn of the event loop for each would
 * cost five times as much. Rejects with what a step throws.
 */
export function eachSettled(step: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let going = true
    let queued = 0
    let many = 4
    const next = (): void => {
      if (!going) return
      try {
        going = step()
      } catch (error) {
        going = false
        return reject(error)
      }
      queued -= 1
      if (!going) resolve()
      else if (queued === 0) more()
    }
    const more = (): void => {
      queued = many = Math.min(many * 2, MOST)
      own.asking = true
      for (let i = 0; i < many; i += 1) immediate(next)
      own.asking = false
    }
    more()
  })
}

/**
 * The same where Node works with immediates of its own, as its HTTP/2 does: between two steps the event loop turns until
 * so many turns in a row have begun nothing.
 */
export function eachAfterTurns(step: () => boolean, turns: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let quiet = 0
    let seen = own.begun
    const turn = (): void => {
      quiet = own.begun === seen ? quiet + 1 : 0
      seen = own.begun
      if (quiet >= turns) next()
      else wait()
    }
    const wait = (): void => {
      own.asking = true
      immediate(turn)
      own.asking = false
    }
    const next = (): void => {
      quiet = 0
      try {
        if (step()) wait()
        else resolve()
      } catch (error) {
        reject(error)
      }
    }
    wait()
  })
}
