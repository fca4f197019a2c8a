import { Presets, SingleBar } from 'cli-progress'
import type { Io } from './command.ts'

export interface Progress {
  /** `note` stands behind the figures. */
  at(value: number, note?: string): void
  done(): void
}

/** A bar on stderr where somebody looks at it; silence in a pipe. */
export function progressBar(io: Io, what: string, total: number): Progress {
  if (!io.isTerminal || total === 0) return { at: () => {}, done: () => {} }
  const bar = new SingleBar({ format: `${what} {bar} {value}/{total} {eta_formatted} {note}`, stream: process.stderr, hideCursor: true }, Presets.rect)
  bar.start(total, 0, { note: '' })
  return { at: (value, note) => bar.update(value, note === undefined ? {} : { note }), done: () => bar.stop() }
}
