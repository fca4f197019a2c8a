/** What reached for the real world during a run, where, and what to use instead. */
export class AmbientError extends Error {
  override readonly name = 'AmbientError'
  /** The call or the kind of resource, such as `Date.now` or `FSREQCALLBACK`. */
  readonly call: string
  /** The first frame of the stack that is neither the guard's nor Node's own. */
  readonly frame: string

  constructor(call: string, instead: string, frame: string) {
    super(`${call} was used inside a simulated run, at ${frame}: a run that does so cannot be repeated; ${instead}`)
    this.call = call
    this.frame = frame
  }
}

/** Frames that say nothing about who called: Node's, and the guard's own files. */
const NOT_THE_CALLER = /\(?node:|\/kernel\/(guard|guard-context|ambient-\w+|banned-\w+|virtual-globals|patches)\.[jt]s/

/** The frame that called into the guard, or what is known of it. */
export function callerFrame(): string {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 100
  const lines = new Error().stack?.split('\n').slice(1) ?? []
  Error.stackTraceLimit = limit
  const frame = lines.find((line) => line.includes(' at ') && !NOT_THE_CALLER.test(line) && !line.includes('<anonymous>'))
  return frame?.trim().replace(/^at /, '') ?? `a callback of Node (${lines.slice(-3).map((line) => line.trim().replace(/^at /, '')).join(', ') || 'no stack'})`
}
