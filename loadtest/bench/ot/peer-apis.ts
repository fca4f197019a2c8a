/** What the bench uses of each peer. Their own types cannot be imported: most checkouts do not install them. */

export interface CodeMirrorText {
  readonly length: number
  replace(from: number, to: number, text: CodeMirrorText): CodeMirrorText
}

export interface CodeMirrorChange {
  apply(text: CodeMirrorText): CodeMirrorText
  compose(other: CodeMirrorChange): CodeMirrorChange
  map(other: CodeMirrorChange, before?: boolean): CodeMirrorChange
}

export interface CodeMirror {
  readonly Text: { of(lines: readonly string[]): CodeMirrorText }
  readonly ChangeSet: { of(change: { from: number; to?: number; insert?: string }, length: number): CodeMirrorChange }
}

export interface DiamondDoc {
  ins(position: number, text: string): void
  del(position: number, length: number): void
  get(): string
  toBytes(): Uint8Array
  getLocalVersion(): Uint32Array
  getPatchSince(version: Uint32Array): Uint8Array
  mergeBytes(bytes: Uint8Array): Uint32Array
}

export interface Diamond {
  readonly Doc: { new (agent: string): DiamondDoc; fromBytes(bytes: Uint8Array, agent: string): DiamondDoc }
}

export interface YText {
  insert(position: number, text: string): void
  delete(position: number, length: number): void
  toString(): string
}

export interface Yjs {
  readonly Doc: new () => { getText(name: string): YText }
  encodeStateAsUpdate(doc: unknown, since?: Uint8Array): Uint8Array
  encodeStateVector(doc: unknown): Uint8Array
  applyUpdate(doc: unknown, update: Uint8Array): void
}

export interface QuillDelta {
  retain(length: number): QuillDelta
  insert(text: string): QuillDelta
  delete(length: number): QuillDelta
  compose(other: QuillDelta): QuillDelta
  transform(other: QuillDelta, priority: boolean): QuillDelta
}

export interface Quill {
  readonly default: new () => QuillDelta
}

export type TextUnicodeOperation = readonly (number | string | { readonly d: number })[]

export interface TextUnicode {
  readonly type: {
    transform(operation: TextUnicodeOperation, other: TextUnicodeOperation, side: 'left' | 'right'): TextUnicodeOperation
    compose(first: TextUnicodeOperation, second: TextUnicodeOperation): TextUnicodeOperation
    apply(text: string, operation: TextUnicodeOperation): string
  }
}

export interface LoroDoc {
  getText(name: string): { insert(position: number, text: string): void; delete(position: number, length: number): void; toString(): string }
  commit(): void
  export(mode: { mode: 'snapshot' } | { mode: 'update'; from: unknown }): Uint8Array
  import(bytes: Uint8Array): unknown
  version(): unknown
}

export interface Loro {
  readonly LoroDoc: new () => LoroDoc
}

export interface Automerge {
  from(value: Record<string, unknown>): unknown
  clone(doc: unknown): unknown
  change(doc: unknown, edit: (draft: unknown) => void): unknown
  splice(draft: unknown, path: readonly string[], position: number, removed: number, text: string): void
  getChanges(before: unknown, after: unknown): Uint8Array[]
  applyChanges(doc: unknown, changes: readonly Uint8Array[]): readonly [unknown]
}
