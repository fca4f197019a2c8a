/**
 * Why an operation does not fit a document; the document is as it was.
 * - `length`: it was made for `expected` units (its base length, or what it keeps and removes) and the document has `actual`.
 * - `surrogate`: it cuts the pair around `position` of the document, or inserts half a pair there.
 */
export type ApplyFailure =
  | { readonly code: 'length'; readonly expected: number; readonly actual: number }
  | { readonly code: 'surrogate'; readonly position: number }
