import type { LevelOutcome, RunResult } from '../run/run-result.ts'

/** Digits and long hexadecimal names differ from run to run of one bug; what is left says which bug it is. */
function withoutNumbers(text: string): string {
  const [line = ''] = text.split('\n')
  return line.replaceAll(/\b[0-9a-f]{8}(?:-?[0-9a-f]{4,12})*\b/g, '#').replaceAll(/\d+(?:[.,]\d+)*/g, '#')
}

export function violationKey({ checker, message }: { readonly checker: string; readonly message: string }): string {
  return `${checker}: ${withoutNumbers(message)}`
}

export function levelKey({ series, percentile }: Pick<LevelOutcome, 'series' | 'percentile'>): string {
  return `service level: ${series} p${percentile}`
}

/**
 * What a run showed that it must not, one key per kind of failure, the first one first. Two runs show the same bug when
 * they share a key: same checker, same message but for its numbers. Empty for a run that passed.
 */
export function failureKeys(result: RunResult): readonly string[] {
  switch (result.verdict) {
    case 'pass':
      return []
    case 'crashed':
    case 'unknown':
      return [`${result.verdict}: ${withoutNumbers(result.because)}`]
    case 'fail': {
      const keys = [...result.violations.map(violationKey), ...result.levels.filter(({ met }) => !met).map(levelKey)]
      return keys.length > 0 ? [...new Set(keys)] : [`failed: ${withoutNumbers(result.because)}`]
    }
  }
}

/** The moment from which on nothing is needed to show the failure; undefined when only the whole run shows it. */
export function failedAt(result: RunResult, key: string): number | undefined {
  return result.violations.find((violation) => violationKey(violation) === key)?.at
}
