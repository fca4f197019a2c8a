import { compose } from '../compose.ts'
import { composeAll } from '../compose-all.ts'
import { diff } from '../diff.ts'
import { isEmpty, lengthAfter } from '../measure.ts'
import type { Operation } from '../operation.ts'
import { stamp } from '../stamp.ts'
import { DocumentText } from '../text/document-text.ts'
import { transform } from '../transform.ts'
import { transformOver } from '../transform-over.ts'
import { validate } from '../validate.ts'
import type { DocumentType } from './document-type.ts'

/** Rich text: a sequence of UTF-16 units and embeds with attributes. */
export const textType: DocumentType<DocumentText, Operation> = Object.freeze({
  name: 'text',
  empty: () => DocumentText.empty(),
  fromChunks: (contents: Iterable<Operation>) => DocumentText.fromChunks(contents),
  chunks: (document: DocumentText) => document.chunks(),
  content: (document: DocumentText) => document.content(),
  snapshot: (document: DocumentText) => document.snapshot(),
  equals: (a: DocumentText, b: DocumentText) => a.equals(b),
  length: (document: DocumentText) => document.length,
  hash: (document: DocumentText) => document.hash(),
  apply: (document: DocumentText, operation: Operation) => document.apply(operation),
  invert: (document: DocumentText, operation: Operation) => document.invert(operation),
  compose,
  composeAll,
  transform,
  transformOver,
  diff,
  validate: (operation: Operation) => validate(operation),
  stamp,
  lengthBefore: (operation: Operation) => operation.baseLength,
  lengthAfter,
  isEmpty,
})
