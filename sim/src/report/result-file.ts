import { z } from 'zod'
import type { RunResult } from '../run/run-result.ts'
import { resultSchema } from './result-schema.ts'

/** The format that this build reads and writes. */
const FORMAT = 1

/** A result, or what is wrong with the file and what to do. */
export type ReadResult = { readonly kind: 'result'; readonly result: RunResult } | { readonly kind: 'problem'; readonly problem: string }

/** The JSON beside a report: everything, of which the page shows a part. */
export function resultJson(result: RunResult): string {
  return `${JSON.stringify(result)}\n`
}

/** Reads what {@link resultJson} wrote. A newer format is refused with what to do about it. */
export function readResult(json: string): ReadResult {
  const value = parse(json)
  if (value instanceof Error) return problem(`it is not JSON: ${value.message}`)
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  if (typeof value !== 'object' || value === null || !('verdict' in value)) return problem('it is not the result of a run. `concord sim run SCENARIO --result FILE` writes one')
  if (typeof format === 'number' && format > FORMAT) return problem(`its format is ${format}; this build reads ${FORMAT}: use the build that wrote it, or a newer one`)
  if (format !== FORMAT) return problem(`its format is ${JSON.stringify(format)}, not ${FORMAT}`)
  const checked = resultSchema.safeParse(value)
  return checked.success ? { kind: 'result', result: checked.data as RunResult } : problem(inWords(checked.error))
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch (error) {
    return error
  }
}

/** The first few places that are wrong. */
function inWords({ issues }: z.ZodError): string {
  const places = issues.slice(0, 3).map(({ path, message }) => `${path.length === 0 ? 'the file' : z.core.toDotPath(path)}: ${message}`)
  return `${places.join('; ')}${issues.length > 3 ? `; and ${issues.length - 3} more` : ''}`
}

function problem(what: string): ReadResult {
  return { kind: 'problem', problem: what }
}
