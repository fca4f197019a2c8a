import { type Attributes, type AttributesInput, type DocumentText, type Embed, type Operation, OperationBuilder, type TextRun } from '@concord/ot'

/** Reads and edits a document by positions in UTF-16 units. Edits throw RangeError when they do not fit or cut a character in two. */
export class TextSurface {
  private readonly text: () => DocumentText
  private readonly change: (operation: Operation) => void

  constructor(text: () => DocumentText, change: (operation: Operation) => void) {
    this.text = text
    this.change = change
  }

  /** Units: UTF-16 code units, and 1 for each embed. */
  get length(): number {
    return this.text().length
  }

  insert(position: number, text: string, attributes?: AttributesInput): void {
    this.change(this.at(position).insert(text, attributes).build())
  }

  insertEmbed(position: number, embed: Embed, attributes?: AttributesInput): void {
    this.change(this.at(position).insertEmbed(embed, attributes).build())
  }

  delete(position: number, length: number): void {
    this.change(this.at(position).delete(length).build())
  }

  /** Lays attributes over `length` units; `null` removes one. */
  format(position: number, length: number, attributes: AttributesInput): void {
    this.change(this.at(position).retain(length, attributes).build())
  }

  /** The text, with U+FFFC where an embed stands. */
  toString(): string {
    return this.text().toString()
  }

  slice(from: number, to?: number): string {
    return this.text().slice(from, to)
  }

  /** Longest runs with equal attributes. */
  runs(from?: number, to?: number): IterableIterator<TextRun> {
    return this.text().runs(from, to)
  }

  private at(position: number): OperationBuilder {
    return new OperationBuilder(this.text().length).retain(position)
  }
}

/** Reads the attributes of a document. */
export class AttributesSurface {
  private readonly text: () => DocumentText

  constructor(text: () => DocumentText) {
    this.text = text
  }

  /** Attributes of the unit at `position`. Throws RangeError outside the document. */
  at(position: number): Attributes {
    return this.text().attributesAt(position)
  }

  /** Longest runs with equal attributes, with their text. */
  runs(from?: number, to?: number): IterableIterator<TextRun> {
    return this.text().runs(from, to)
  }
}
