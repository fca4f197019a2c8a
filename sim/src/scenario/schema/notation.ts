import { z } from 'zod'

/** How a value is written in a scenario file. The reference prints `words` and `example`. */
export interface Notation {
  readonly name: string
  readonly words: string
}

/** From least to most, both included. */
export interface Range {
  readonly least: number
  readonly most: number
}

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }
const BYTES: Readonly<Record<string, number>> = { B: 1, KB: 1_000, MB: 1_000_000, GB: 1_000_000_000, KiB: 1_024, MiB: 1_024 ** 2 }
const PER: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600 }

/** `150ms`, `20s`, `5m`, `24h`, `2d`: milliseconds. Undefined when it is none. */
function parseDuration(text: string): number | undefined {
  return parseUnit(text, MILLISECONDS)
}

function parseSize(text: string): number | undefined {
  return parseUnit(text, BYTES)
}

/** `3/s`, `20/min`, `5/h`: events per second. */
function parseRate(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?\/ ?(s|min|h)$/.exec(text.trim()) ?? []
  return number === undefined || unit === undefined ? undefined : Number(number) / PER[unit]!
}

function parseShare(text: string): number | undefined {
  const [, number] = /^(\d+(?:\.\d+)?) ?%$/.exec(text.trim()) ?? []
  return number === undefined || Number(number) > 100 ? undefined : Number(number) / 100
}

function parseFactor(text: string): number | undefined {
  const [, number] = /^x ?(\d+(?:\.\d+)?)$/.exec(text.trim()) ?? []
  return number === undefined ? undefined : Number(number)
}

function parseUnit(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, number, unit] = /^(-?\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(text.trim()) ?? []
  const factor = unit === undefined || !Object.hasOwn(units, unit) ? undefined : units[unit]
  return factor === undefined ? undefined : Number(number) * factor
}

/** `1s..5s`, or one value for both ends. */
function parseRange(text: string, parse: (text: string) => number | undefined): Range | undefined {
  const ends = text.split('..')
  const least = parse(ends[0] ?? '')
  const most = ends.length === 1 ? least : parse(ends[1] ?? '')
  return ends.length > 2 || least === undefined || most === undefined || least > most ? undefined : { least, most }
}

function notation<T>(name: string, words: string, parse: (text: string) => T | undefined) {
  return z
    .union([z.string(), z.number()], { error: () => `must be ${words}` })
    .transform((value, context): T => {
      const parsed = parse(String(value))
      if (parsed !== undefined) return parsed
      context.addIssue({ code: 'custom', message: `must be ${words}` })
      return z.NEVER
    })
    .meta({ notation: { name, words } satisfies Notation })
}

/** Zero needs no unit. */
const orZero = (parse: (text: string) => number | undefined) => (text: string) => (text === '0' ? 0 : parse(text))
const positive = (parse: (text: string) => number | undefined) => (text: string) => {
  const value = orZero(parse)(text)
  return value === undefined || value < 0 ? undefined : value
}
const plain = (text: string) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined)

/** Milliseconds. */
export const duration = notation('time', 'a time with its unit, as 150ms, 20s, 5m, 24h', positive(parseDuration))
export const signedDuration = notation('signed time', 'a time with its unit, as 20s or -5s', orZero(parseDuration))
export const durationRange = notation('times', 'a time or a range of times, as 2s or 1s..5s', (text) => parseRange(text, positive(parseDuration)))
/** Bytes; units of text where text is meant. */
export const size = notation('size', 'a size with its unit, as 500 B, 10 KB, 2 MB', positive(parseSize))
/** 0 to 1. */
export const share = notation('share', 'a share, as 40 % or 0.4', (text) => {
  const value = parseShare(text) ?? plain(text)
  return value === undefined || value > 1 ? undefined : value
})
/** Per second. */
export const rate = notation('rate', 'a rate with its unit, as 3/s, 20/min, 5/h', positive(parseRate))
export const factor = notation('factor', 'a factor, as x10 or x0.5', parseFactor)
export const wholeRange = notation('numbers', 'a whole number or a range of them, as 4 or 30..90', (text) => {
  const range = parseRange(text, (part) => (/^\d+$/.test(part.trim()) ? Number(part) : undefined))
  return range
})
export const whole = z.int({ error: () => 'must be a whole number' }).meta({ notation: { name: 'number', words: 'a whole number, as 100' } satisfies Notation })
export const positiveNumber = z.number({ error: () => 'must be a number above 0' }).positive({ error: () => 'must be a number above 0' })
/** Names become part of document and user ids. */
export const nameText = z
  .string({ error: () => 'must be a name' })
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: () => 'must be a name of small letters, digits and hyphens, as night-shift' })
  .meta({ notation: { name: 'name', words: 'a name of small letters, digits and hyphens' } satisfies Notation })
