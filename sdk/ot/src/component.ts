/** The numbers of {@link Operation.components}: what a tag means, and how a component is made. */

/** Keep units of the document. */
export const RETAIN = 0
/** Add units of text. */
export const INSERT = 1
/** Remove units of the document. */
export const DELETE = 2
/** Look something up in a table: a current attribute set, a current tie key, or an embed to insert. */
export const TABLE = 3

/** Table kind: makes `attributes[index - 1]` the current set, index 0: none. */
export const SET_KIND = 0
/** Table kind: inserts `embeds[index]`. */
export const EMBED_KIND = 1
/** Table kind: makes `keys[index]` the current tie key. */
export const KEY_KIND = 2

/** Most units a document or a component may have: a component is 32 bits wide and two of them are the tag. */
export const MAX_LENGTH = 2 ** 30 - 1

/** Most entries of a table: two more bits go to the kind. */
export const MAX_TABLE = 2 ** 28 - 1

/** Multiplies where `<<` would turn lengths from 2^29 on into negative numbers. */
export function component(length: number, tag: number): number {
  return length * 4 + tag
}

/** A component that looks up entry `index` of a table. */
export function tableComponent(index: number, kind: number): number {
  return (index * 4 + kind) * 4 + TABLE
}
