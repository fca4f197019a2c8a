import { Fragment, type Mark, type Node, type ResolvedPos, Slice } from 'prosemirror-model'

/** Plain text from the clipboard: one line, one paragraph, like the one it is pasted into; empty lines stay. */
export function readPlainText(text: string, context: ResolvedPos): Slice {
  const block = context.parent
  const marks = context.marks()
  const lines = text.toWellFormed().split(/\r\n?|\n/)
  if (!block.isTextblock) return new Slice(Fragment.empty, 0, 0)
  return new Slice(Fragment.from(lines.map((line) => lineOf(line, block, marks))), 1, 1)
}

function lineOf(line: string, like: Node, marks: readonly Mark[]): Node {
  return like.type.create(like.attrs, line === '' ? null : like.type.schema.text(line, marks))
}
