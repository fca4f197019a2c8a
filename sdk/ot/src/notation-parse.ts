import type { AttributeValue, Operation } from './operation.ts'
import { OperationBuilder } from './operation-builder.ts'

/** One token, at the place where the last one ended. */
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/uy
const DIGITS = /\d+/uy
const WORD = /\w+/y
const QUOTED = /"(?:[^"\\]|\\["\\nt]|\\u\{[0-9a-f]{1,6}\})*"/uy
const KEY = /(\d+)\.([0-9a-f]{16})/uy

/**
 * Reads the notation that `format` writes. What it makes is canonical whatever the line says; throws RangeError with the
 * place of the first thing that is not notation, or that the base length has no room for.
 */
export function parse(baseLength: number, line: string): Operation {
  const reader = new Reader(line)
  const builder = new OperationBuilder(baseLength)
  if (line === '.' || line === '') return builder.build()
  do readStep(reader, builder)
  while (reader.skip(' '))
  if (!reader.done) reader.fail('a space and another step, or the end')
  return builder.build()
}

function readStep(reader: Reader, builder: OperationBuilder): void {
  if (reader.skip('+<')) readEmbed(reader, builder)
  else if (reader.skip('+')) builder.insert(reader.text(), readSet(reader))
  else if (reader.skip('-')) builder.delete(reader.count())
  else if (reader.skip('@')) {
    const [, user, client] = reader.match(KEY, 'a tie key such as 3.00000000000000a1')
    builder.key({ user: Number(user), client: client! })
  } else builder.retain(reader.count(), readSet(reader))
}

function readEmbed(reader: Reader, builder: OperationBuilder): void {
  const type = reader.text()
  const data = reader.skip(' ') ? reader.text() : 'null'
  if (!reader.skip('>')) reader.fail('">"')
  builder.insertEmbed({ type, data }, readSet(reader))
}

function readSet(reader: Reader): [string, AttributeValue][] {
  const set: [string, AttributeValue][] = []
  if (!reader.skip('{')) return set
  do {
    const name = reader.text()
    if (!reader.skip('=')) reader.fail('"="')
    set.push([name, readValue(reader)])
  } while (reader.skip(', '))
  if (!reader.skip('}')) reader.fail('", " and another attribute, or "}"')
  return set
}

function readValue(reader: Reader): AttributeValue {
  if (reader.skip('true')) return true
  if (reader.skip('false')) return false
  if (reader.skip('null')) return null
  return reader.at('"') ? reader.text() : Number(reader.match(NUMBER, 'true, false, null, a number or quoted text')[0])
}

class Reader {
  private readonly line: string
  private position = 0

  constructor(line: string) {
    this.line = line
  }

  get done(): boolean {
    return this.position === this.line.length
  }

  at(expected: string): boolean {
    return this.line.startsWith(expected, this.position)
  }

  skip(expected: string): boolean {
    const found = this.at(expected)
    if (found) this.position += expected.length
    return found
  }

  count(): number {
    return Number(this.match(DIGITS, 'a number')[0])
  }

  text(): string {
    if (!this.at('"')) return this.match(WORD, 'a word or quoted text')[0]
    return unescape(this.match(QUOTED, 'quoted text with its closing quote and the escapes \\" \\\\ \\n \\t \\u{hex}')[0].slice(1, -1))
  }

  match(pattern: RegExp, expected: string): RegExpExecArray {
    pattern.lastIndex = this.position
    const found = pattern.exec(this.line)
    if (found === null) return this.fail(expected)
    this.position += found[0].length
    return found
  }

  fail(expected: string): never {
    throw new RangeError(`not the notation of an operation: expected ${expected} at ${this.position} of ${JSON.stringify(this.line)}`)
  }
}

function unescape(text: string): string {
  return text.replace(/\\(?:u\{([0-9a-f]+)\}|(.))/gu, (_, hex: string | undefined, plain: string) => {
    if (hex !== undefined) return codePoint(hex)
    return plain === 'n' ? '\n' : plain === 't' ? '\t' : plain
  })
}

function codePoint(hex: string): string {
  const value = Number.parseInt(hex, 16)
  if (value > 0x10ffff) throw new RangeError(`not the notation of an operation: \\u{${hex}} is no character`)
  return String.fromCodePoint(value)
}
