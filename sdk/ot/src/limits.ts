/** What one operation may hold. Lengths of strings are in UTF-16 code units. */
export interface OperationLimits {
  /** Numbers in `components`. */
  readonly components: number
  /** Inserted text and embeds together. */
  readonly insertedUnits: number
  /** Attributes in one set. */
  readonly attributesPerSet: number
  /** Also the limit of an embed's type. */
  readonly attributeNameLength: number
  readonly attributeValueLength: number
  readonly embedDataLength: number
}

/** What a server accepts from one submit; a larger change is a group of operations (see `split`). */
export const OPERATION_LIMITS: OperationLimits = Object.freeze({
  components: 10_000,
  insertedUnits: 65_536,
  attributesPerSet: 24,
  attributeNameLength: 64,
  attributeValueLength: 2_048,
  embedDataLength: 8_192,
})

/** For content that the server itself wrote: the form is checked, the size is not. */
export const NO_LIMITS: OperationLimits = Object.freeze({
  components: Infinity,
  insertedUnits: Infinity,
  attributesPerSet: Infinity,
  attributeNameLength: Infinity,
  attributeValueLength: Infinity,
  embedDataLength: Infinity,
})
