import type { CodeMirror, CodeMirrorChange, DiamondDoc, Quill, QuillDelta, TextUnicodeOperation } from './peer-apis.ts'
import type { Patch } from './trace.ts'

/** An edit as each peer writes it. */
export function codeMirrorChange({ ChangeSet }: CodeMirror, length: number, [from, removed, insert]: Patch): CodeMirrorChange {
  return ChangeSet.of({ from, to: from + removed, insert }, length)
}

export function delta({ default: Delta }: Quill, [position, removed, inserted]: Patch): QuillDelta {
  const made = new Delta()
  if (position > 0) made.retain(position)
  if (inserted !== '') made.insert(inserted)
  return removed > 0 ? made.delete(removed) : made
}

export function textUnicode([position, removed, inserted]: Patch): TextUnicodeOperation {
  return [...(position > 0 ? [position] : []), ...(inserted !== '' ? [inserted] : []), ...(removed > 0 ? [{ d: removed }] : [])]
}

export function applyToDiamond(doc: DiamondDoc, [position, removed, inserted]: Patch): void {
  if (removed > 0) doc.del(position, removed)
  if (inserted !== '') doc.ins(position, inserted)
}

/** Composes neighbours in pairs, then the pairs: the fast order for every peer that composes. */
export function foldBalanced<T>(list: readonly T[], compose: (first: T, second: T) => T): T {
  let level = list
  while (level.length > 1) {
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => (2 * i + 1 < level.length ? compose(level[2 * i]!, level[2 * i + 1]!) : level[2 * i]!))
  }
  return level[0]!
}
