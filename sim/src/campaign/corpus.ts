import { readFileSync } from 'node:fs'
import type { Level } from '../plan/plan.ts'

/** A seed that every change has to pass. */
export interface CorpusEntry {
  readonly scenario: string
  readonly seed: number
  /** Instead of the scenario's. */
  readonly level?: Level
  /** Why it is in the corpus: what it shows that others do not. */
  readonly why: string
  /** It is run twice, and the hashes must be equal. */
  readonly twice?: boolean
}

/** `sim/corpus.json`. */
export function readCorpus(): readonly CorpusEntry[] {
  return JSON.parse(readFileSync(new URL('../../corpus.json', import.meta.url), 'utf8')) as readonly CorpusEntry[]
}
