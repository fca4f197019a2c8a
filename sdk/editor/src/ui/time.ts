const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const DATE = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** How long ago, in words; milliseconds since 1970. */
export function ago(at: number, now: number): string {
  const past = Math.max(0, now - at)
  if (past < MINUTE) return 'just now'
  if (past < HOUR) return RELATIVE.format(-Math.floor(past / MINUTE), 'minute')
  if (past < DAY) return RELATIVE.format(-Math.floor(past / HOUR), 'hour')
  if (past < 7 * DAY) return RELATIVE.format(-Math.floor(past / DAY), 'day')
  return DATE.format(at)
}

/** Time of day. */
export function clock(at: number): string {
  return CLOCK.format(at)
}
