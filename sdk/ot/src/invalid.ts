/**
 * Why an operation from a peer is refused.
 * - `malformed`: numbers that mean nothing: unknown tags, entries that are not in their table, text too short or too long.
 * - `out_of_range`: a length beyond the base, or beyond what a document can have.
 * - `not_canonical`: means something, but is not how canonical form says it (R19).
 * - `surrogate`: half a surrogate pair.
 * - `too_large`: above a limit.
 * - `attribute`, `embed`, `key`: a table entry that no peer may use.
 */
export type InvalidCode = 'malformed' | 'out_of_range' | 'not_canonical' | 'surrogate' | 'too_large' | 'attribute' | 'embed' | 'key'

/** One violation: `field` is the path in the message, such as `components[3]`. */
export interface Invalid {
  readonly code: InvalidCode
  readonly field: string
  readonly message: string
}

export function invalid(code: InvalidCode, field: string, message: string): Invalid {
  return { code, field, message }
}
