/**
 * The packed form of an operation on a sequence of UTF-16 code units and embeds (each embed has length 1).
 *
 * `components` is one list of unsigned 30-bit numbers, `length << 2 | tag` (the Mapbox Vector Tile idiom):
 *
 * | tag | name   | payload                                                                     |
 * |-----|--------|-----------------------------------------------------------------------------|
 * | 0   | retain | units kept; the current attribute set, if any, is laid over them            |
 * | 1   | insert | units taken from `text`, in order; they carry the current attribute set     |
 * | 2   | delete | units removed                                                               |
 * | 3   | table  | `index << 2 | kind`: kind 0 makes `attributes[index - 1]` the current set (index 0: none), kind 1 inserts `embeds[index]` with the current set, kind 2 makes `keys[index]` the current tie key |
 *
 * At the start the current attribute set is none and the current key is `keys[0]`, or the lowest key when the table is empty.
 * Transform reads the numbers alone and never touches the text.
 */
export interface Operation {
  /** Units of the document this operation applies to. */
  readonly baseLength: number
  readonly components: readonly number[]
  /** All inserted text, in order of insertion. Well-formed UTF-16. */
  readonly text: string
  /** Interned attribute sets; no two are equal, each is used. */
  readonly attributes: readonly Attributes[]
  /** Inserted embeds, in order of insertion. */
  readonly embeds: readonly Embed[]
  /** Interned tie keys of inserts. Empty in what an application writes; one entry in a committed operation; several in a composed group. */
  readonly keys: readonly TieKey[]
}

/** Attribute values. On a retain, `null` removes the attribute; on an insert, `null` does not occur. */
export type AttributeValue = string | number | boolean | null

/** One attribute set, sorted by name (code unit order), names unique: a list, so that no name can reach an object's prototype. */
export type Attributes = readonly (readonly [name: string, value: AttributeValue])[]

/** One unit that is not text: an image, a mention. `data` is canonical JSON text (keys sorted), compared as a string. */
export interface Embed {
  readonly type: string
  readonly data: string
}

/**
 * Orders inserts at one place (rule R13): user ordinal in the document first, then client id. Unsigned, never locale order.
 * `client` is 16 lowercase hexadecimal digits (64 bits), so comparing code units compares the numbers.
 */
export interface TieKey {
  readonly user: number
  readonly client: string
}
