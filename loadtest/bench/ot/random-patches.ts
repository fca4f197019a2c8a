import type { Patch } from './trace.ts'

/** The same numbers in every process, so that every contestant does the same edits (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** English-like text in lines of about 80 units. */
export function plainText(length: number): string {
  const line = (number: number) => `${String(number).padStart(7, '0')} every line of this text is a little different from all the other lines of it\n`
  let text = ''
  for (let number = 0; text.length < length; number++) text += line(number)
  return text.slice(0, length)
}

/** Single units inserted and removed in turn, anywhere. */
export function scattered(length: number, count: number, seed: number): Patch[] {
  const random = seeded(seed)
  return Array.from({ length: count }, (_, i) => [Math.floor(random() * (length - 1)), i % 2, i % 2 === 0 ? 'x' : ''] as const)
}

/**
 * What somebody does who writes offline: bursts of about ten keystrokes at one place, one in six a backspace, then
 * elsewhere. One edit per keystroke.
 */
export function typed(length: number, count: number, seed: number): Patch[] {
  const random = seeded(seed)
  const patches: Patch[] = []
  let units = length
  let caret = 0
  for (let i = 0; i < count; i++) {
    if (random() < 0.1) caret = Math.floor(random() * units)
    const erases = caret > 0 && random() < 1 / 6
    patches.push(erases ? [caret - 1, 1, ''] : [caret, 0, 'abcdefgh '[Math.floor(random() * 9)]!])
    caret += erases ? -1 : 1
    units += erases ? -1 : 1
  }
  return patches
}
