import type { Level } from '../../plan/plan.ts'

/** A number as people read it: `12,345`, `0.52`. */
export function amount(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en-US', { maximumFractionDigits: digits })
}

/** `1 editor`, `12 editors`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${amount(value)} ${value === 1 ? one : many}`
}

/** A duration in the unit that suits it: `340 ms`, `12.3 s`, `2 min 5 s`, `24 h`. */
export function duration(ms: number): string {
  if (Math.abs(ms) < 1000) return `${amount(ms)} ms`
  if (ms < 120_000) return `${trim((ms / 1000).toFixed(ms < 10_000 ? 2 : 1))} s`
  const [hours, minutes, seconds] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60]
  const parts = [hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`, hours === 0 && seconds > 0 && `${seconds} s`]
  return parts.filter((part) => part !== false).join(' ')
}

/** A moment of virtual time: always seconds, so that moments can be compared at a glance. */
export function moment(ms: number): string {
  return `${(ms / 1000).toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 3 })} s`
}

/** Whose clock the times of a run are read from. */
export function clockOf(level: Level): string {
  return level === 'live' ? 'wall time' : 'virtual time'
}

/** `a`, `a and b`, `a, b and c`; of more than `most` names the rest is counted. */
export function list(names: readonly string[], most = 6): string {
  if (names.length > most) return `${names.slice(0, most - 1).join(', ')} and ${amount(names.length - most + 1)} more`
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** How much the second is above or below the first: `+12 %`, `−3 %`; nothing where there is nothing to compare. */
export function difference(first: number | undefined, second: number | undefined): string {
  if (first === undefined || second === undefined || first === 0) return '–'
  const percent = (100 * (second - first)) / first
  return `${percent < 0 ? '−' : '+'}${amount(Math.round(Math.abs(percent)))} %`
}

/** The first letter large, a full stop at the end. */
export function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?…:]$/.test(first) || first === '' ? first : `${first}.`
}

/** At most `length` units of a text, and a sign that there was more. Never half a surrogate pair. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function trim(digits: string): string {
  return digits.replace(/\.?0+$/, '')
}
