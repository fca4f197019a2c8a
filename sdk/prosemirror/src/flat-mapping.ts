import type { Attributes, Embed } from '@concord/ot'
import type { Mark, Node, Schema } from 'prosemirror-model'

/**
 * Between attributes of the flat text and the nodes and marks of a schema: the one thing to write for a schema of your own.
 *
 * The document must be a list of textblocks (one for each newline), their content text and atoms of one unit.
 * Laws: `blockAttributes(block(set, []))` equals `set`, `markAttributes(marks(set))` equals `set`, `embedOf(embedNode(e))` equals `e`:
 * what the schema does not know has to be carried, not dropped, or the next edit would take it from everybody.
 */
export interface FlatMapping {
  readonly schema: Schema
  /** A textblock whose newline carries `set`. */
  block(set: Attributes, content: readonly Node[]): Node
  blockAttributes(block: Node): Attributes
  marks(set: Attributes): readonly Mark[]
  markAttributes(marks: readonly Mark[]): Attributes
  embedNode(embed: Embed, marks: readonly Mark[]): Node
  embedOf(node: Node): Embed
}
