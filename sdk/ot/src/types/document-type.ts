import type { ContentHash } from '../hash.ts'
import type { Invalid } from '../invalid.ts'
import type { TieKey } from '../operation.ts'
import type { ApplyFailure } from '../text/apply-failure.ts'
import { textType } from './text-type.ts'

/**
 * What sequencer and client know of a kind of document. They handle `Document` and `Operation` through this and look inside
 * neither, so that a JSON tree or a table of cells is one more entry in the registry below. A document changes in place;
 * operations are values. A content is an operation on the empty document.
 *
 * Laws that every type keeps (document-type.test.ts runs them): TP1 of `transform`; `compose` is apply after apply; `invert`
 * restores content and hash; a failed `apply` changes nothing; `fromChunks(chunks(d))` equals d; equal contents have equal hashes.
 */
export interface DocumentType<Document, Operation> {
  /** What the `type` field of a document says. Never renamed: stored documents carry it. */
  readonly name: string
  /** The document before the first operation. */
  empty(): Document
  /** A document from its content in one or more pieces. Throws RangeError when they are none. */
  fromChunks(contents: Iterable<Operation>): Document
  /** The content in pieces that each fit a frame, as the document is now, whatever is applied meanwhile. */
  chunks(document: Document): IterableIterator<Operation>
  /** The content as one operation. */
  content(document: Document): Operation
  /** A document with the same content, cheaply; each goes its own way from here. */
  snapshot(document: Document): Document
  equals(a: Document, b: Document): boolean
  /** Units of the document, which is what base lengths count (R16). */
  length(document: Document): number
  hash(document: Document): ContentHash
  /** A failure has changed nothing. */
  apply(document: Document, operation: Operation): ApplyFailure | undefined
  /** Takes `operation` back, asked for before it is applied. Throws RangeError when it does not fit. */
  invert(document: Document, operation: Operation): Operation
  /** Throws RangeError when `second` does not apply to what `first` leaves. */
  compose(first: Operation, second: Operation): Operation
  /** As compose, for a list that is not empty, in order. */
  composeAll(operations: readonly Operation[]): Operation
  /** Both past each other, the first committed before the second. */
  transform(committed: Operation, incoming: Operation): [committed2: Operation, incoming2: Operation]
  /** `late` carried over what was committed since its base, one by one (R4). */
  transformOver(committed: Iterable<Operation>, late: Operation): Operation
  /** What turns one content into another. */
  diff(before: Operation, after: Operation): Operation
  /** Why no server accepts this operation, whatever the document; undefined when one may. */
  validate(operation: Operation): Invalid | undefined
  /** The operation with its author's tie key (R13). */
  stamp(operation: Operation, key: TieKey): Operation
  lengthBefore(operation: Operation): number
  lengthAfter(operation: Operation): number
  /** Whether the operation changes nothing (R14). */
  isEmpty(operation: Operation): boolean
}

/** The registry: each name with the type behind it. */
const DOCUMENT_TYPES = { text: textType } as const

export type DocumentTypes = typeof DOCUMENT_TYPES
export type DocumentTypeName = keyof DocumentTypes

/** Every name of the registry, the default first. */
export const DOCUMENT_TYPE_NAMES: readonly DocumentTypeName[] = Object.freeze(Object.keys(DOCUMENT_TYPES) as DocumentTypeName[])

/** The type of a known name. */
export function documentType<Name extends DocumentTypeName>(name: Name): DocumentTypes[Name] {
  return DOCUMENT_TYPES[name]
}

/** Whether a name from outside is one of the registry; an older peer does not know every type of a newer one. */
export function isDocumentTypeName(name: string): name is DocumentTypeName {
  return Object.hasOwn(DOCUMENT_TYPES, name)
}
