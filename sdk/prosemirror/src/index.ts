export type {
  ChangeOrigin,
  CollaborativeDocument,
  CollaborativePresence,
  CollaborativeText,
  RemoteCursor,
  TextChange,
  TextSelection as SharedSelection,
} from './collaborative-document.ts'
export { type ConcordPluginOptions, concordPlugin, createState } from './concord-plugin.ts'
export type { BindingOptions } from './binding.ts'
export type { FlatMapping } from './flat-mapping.ts'
export { richText, richTextSchema } from './rich-text.ts'
export { completeLink, isColor, isSafeLink } from './attribute-values.ts'
export { documentOf, flatContent, flatLength, flatPosition, cursorPosition } from './flat-document.ts'
export {
  type Alignment,
  indentBy,
  insertBreak,
  insertDivider,
  leaveParagraph,
  linkRange,
  type ListKind,
  removeLink,
  selectedBlocks,
  setAlign,
  setColor,
  setHeading,
  setLink,
  splitParagraph,
  toggleChecked,
  toggleCodeBlock,
  toggleList,
  toggleQuote,
} from './commands.ts'
export { redo, undo, type UndoableDocument } from './undo.ts'
