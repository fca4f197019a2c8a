import { PERFECT, type LinkModel } from '../plan/link-model.ts'
import type { PlanEvent } from '../plan/plan-event.ts'

/** Simpler ways to say nearly the same, the simplest first. None is an event that stood there before, so that trying ends. */
export function simplerEvents(event: PlanEvent): readonly PlanEvent[] {
  switch (event.kind) {
    case 'insert':
      return [...(event.attributes === undefined ? [] : [plainInsert(event)]), ...shorterTexts(event.text).map((text) => ({ ...event, text })), ...placed(event)]
    case 'delete':
      if ('document' in event) return []
      return [...smaller(event.count, 1).map((count) => ({ ...event, count })), ...placed(event)]
    case 'replace': {
      const { text, count, ...rest } = event
      return [
        { ...rest, kind: 'insert', text },
        { ...rest, kind: 'delete', count },
        ...shorterTexts(text).map((shorter) => ({ ...event, text: shorter })),
        ...smaller(count, 1).map((fewer) => ({ ...event, count: fewer })),
        ...placed(event),
      ]
    }
    case 'format':
      return [...smaller(event.count, 1).map((count) => ({ ...event, count })), ...fewerKeys(event.attributes).map((attributes) => ({ ...event, attributes })), ...placed(event)]
    case 'embed':
      return [...(event.data === '' ? [] : [{ ...event, data: '' }]), ...placed(event)]
    case 'paste': {
      const { units, kind: _, ...rest } = event
      return [{ ...rest, kind: 'insert' }, ...smaller(units, 0).map((fewer) => ({ ...event, units: fewer })), ...shorterTexts(event.text).map((text) => ({ ...event, text })), ...placed(event)]
    }
    case 'presence':
      return placed(event)
    case 'misbehave':
      return shorterTexts(event.text).map((text) => ({ ...event, text }))
    case 'stall':
      return smaller(event.forMs, 1).map((forMs) => ({ ...event, forMs }))
    case 'stale-device':
    case 'lose-tail':
      return smaller(event.count, 1).map((count) => ({ ...event, count }))
    case 'clock':
      return smaller(Math.abs(event.byMs), 1).map((byMs) => ({ ...event, byMs: Math.sign(event.byMs) * byMs }))
    case 'slow':
      return smaller(event.factor, 1).map((factor) => ({ ...event, factor }))
    case 'storage-slow':
      return smaller(event.delayMs, 0).map((delayMs) => ({ ...event, delayMs }))
    case 'link':
      return simplerLinks(event.model).map((model) => ({ ...event, model }))
    case 'partition':
      return [...one(event.a).map((a) => ({ ...event, a })), ...one(event.b).map((b) => ({ ...event, b }))]
    default:
      return []
  }
}

/** {@link PERFECT}, then one fault less at a time, then each figure rounded down to one digit. */
export function simplerLinks(model: LinkModel): readonly LinkModel[] {
  const differing = (Object.keys(PERFECT) as (keyof LinkModel)[]).filter((key) => model[key] !== PERFECT[key])
  if (differing.length === 0) return []
  const calmer = differing.map((key) => ({ ...model, [key]: PERFECT[key] }))
  const steady = model.delayP99Ms === model.delayMs ? [] : [{ ...model, delayP99Ms: model.delayMs }]
  const rounder = differing.filter((key) => oneDigit(model[key]) !== model[key]).map((key) => ({ ...model, [key]: oneDigit(model[key]) }))
  // A 99th percentile below the median is no distribution.
  return [PERFECT, ...calmer, ...steady, ...rounder].filter(({ delayMs, delayP99Ms }) => delayP99Ms >= delayMs)
}

/** `least`, half, then one digit: what is smaller than `value`, each once. */
export function smaller(value: number, least: number): readonly number[] {
  return [...new Set([least, Math.floor(value / 2), oneDigit(value), Math.floor(value)])].filter((candidate) => candidate >= least && candidate < value)
}

function oneDigit(value: number): number {
  if (value === 0) return 0
  const unit = 10 ** Math.floor(Math.log10(Math.abs(value)))
  return Number((Math.trunc(value / unit + Math.sign(value) * 1e-9) * unit).toPrecision(1))
}

/** The first character, then the first half: cut between code points. */
function shorterTexts(text: string): readonly string[] {
  const characters = Array.from(text)
  return characters.length < 2 ? [] : [...new Set([characters.slice(0, 1).join(''), characters.slice(0, Math.ceil(characters.length / 2)).join('')])].filter((shorter) => shorter !== text)
}

/** At the begin, else at the end or in the middle: what reads well. */
function placed<Event extends { readonly place?: number }>(event: Event): readonly Event[] {
  const { place } = event
  if (place === undefined || ROUND_PLACES.includes(place)) return ROUND_PLACES.slice(0, Math.max(0, ROUND_PLACES.indexOf(place ?? 0))).map((round) => ({ ...event, place: round }))
  return ROUND_PLACES.map((round) => ({ ...event, place: round }))
}

const ROUND_PLACES: readonly number[] = [0, 1, 0.5]

function plainInsert(event: PlanEvent & { readonly kind: 'insert' }): PlanEvent {
  const { attributes: _, ...plain } = event
  return plain
}

function fewerKeys<Value>(attributes: Readonly<Record<string, Value>>): readonly Readonly<Record<string, Value>>[] {
  const entries = Object.entries(attributes)
  return entries.length < 2 ? [] : entries.map(([left]) => Object.fromEntries(entries.filter(([key]) => key !== left)))
}

function one(side: readonly string[]): readonly (readonly string[])[] {
  return side.length < 2 ? [] : side.map((name) => [name])
}
