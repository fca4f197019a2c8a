import { type LinkModel, PERFECT } from '../../plan/link-model.ts'
import type { LinkSettings } from '../schema/actor-schema.ts'
import type { Range } from '../schema/notation.ts'

/** A link of a scenario: what it does to what passes, and how often the network behind it is gone. */
export interface Link {
  readonly model: LinkModel
  /** Per second and actor. */
  readonly drops: number
  /** Milliseconds. */
  readonly dropFor: Range
}

const STEADY = { drops: 0, dropFor: { least: 0, most: 0 } } as const

/**
 * Links that every scenario knows. `mobile` is the source documents' 200 ms with drops (001:4392 to 4396); the others
 * are what people have: cable, a house's wireless network, an ocean.
 */
export const PRESET_LINKS = {
  perfect: { ...STEADY, model: PERFECT },
  office: { ...STEADY, model: { ...PERFECT, delayMs: 4, delayP99Ms: 12, bandwidth: 12_500_000, window: 1_000_000 } },
  home: { ...STEADY, model: { ...PERFECT, delayMs: 15, delayP99Ms: 60, bandwidth: 5_000_000, window: 256_000 } },
  mobile: { drops: 30 / 3_600, dropFor: { least: 500, most: 8_000 }, model: { ...PERFECT, delayMs: 200, delayP99Ms: 800, bandwidth: 500_000, window: 64_000 } },
  transatlantic: { ...STEADY, model: { ...PERFECT, delayMs: 45, delayP99Ms: 60, bandwidth: 12_500_000, window: 1_000_000 } },
} as const satisfies Readonly<Record<string, Link>>

export type PresetLink = keyof typeof PRESET_LINKS

export const PRESET_NAMES = Object.keys(PRESET_LINKS) as [PresetLink, ...PresetLink[]]

/** Every link that a scenario can name. */
export function linksOf(own: Readonly<Record<string, LinkSettings>>): ReadonlyMap<string, Link> {
  return new Map<string, Link>([...Object.entries(PRESET_LINKS), ...Object.entries(own).map(([name, settings]): [string, Link] => [name, linkFrom(settings)])])
}

function linkFrom(own: LinkSettings): Link {
  const { model, drops, dropFor } = PRESET_LINKS[own.like]
  const delayMs = own.delay ?? model.delayMs
  return {
    drops: own.drops ?? drops,
    dropFor: own.dropFor ?? dropFor,
    model: {
      delayMs,
      // A link that only says its delay keeps the proportions of the one that it is like.
      delayP99Ms: Math.max(delayMs, own.delayP99 ?? (model.delayP99Ms / model.delayMs) * delayMs),
      bandwidth: own.bandwidth ?? model.bandwidth,
      window: own.window ?? model.window,
      repeat: own.repeat ?? model.repeat,
      glitch: own.glitch ?? model.glitch,
      slowReadMs: own.slowRead ?? model.slowReadMs,
      sliceBytes: own.slice ?? model.sliceBytes,
    },
  }
}
