import type { Attributes, AttributeValue, Operation, TieKey } from './operation.ts'
import { type Component, readComponents } from './read-components.ts'
import { equalKeys, keyName, LOWEST_KEY } from './tie-key.ts'

/**
 * The operation on one line, for logs, tests and people: `5 +ab -3` keeps five units, inserts "ab", deletes three.
 *
 * ```
 * operation  = "." | step *( " " step )            "." changes nothing
 * step       = number [ set ]                      retain, with attributes laid over
 *            | "+" text [ set ]                    insert
 *            | "+<" text [ " " text ] ">" [ set ]  insert an embed: type, data (left out when it is null)
 *            | "-" number                          delete
 *            | "@" number "." client               tie key of the inserts that follow; at the start: the lowest
 * set        = "{" name "=" value *( ", " name "=" value ) "}"
 * name       = text
 * value      = "true" | "false" | "null" | number | quoted
 * text       = word | quoted
 * word       = 1*( letter | digit | "_" )          ASCII
 * quoted     = DQUOTE *( any | escape ) DQUOTE     escape: \" \\ \n \t \u{hex}
 * ```
 * Quoted text escapes what would break the line or hide in it (list: {@link HIDDEN}). The base length is not written; law: `parse(op.baseLength, format(op))` equals `op`.
 */
export function format(operation: Operation): string {
  const steps: string[] = []
  let current = LOWEST_KEY
  for (const component of readComponents(operation)) {
    const key = keyOf(component)
    if (key !== undefined && !equalKeys(key, current)) {
      steps.push(`@${keyName(key)}`)
      current = key
    }
    steps.push(formatStep(component))
  }
  return steps.length === 0 ? '.' : steps.join(' ')
}

/**
 * Controls, spaces but U+0020, joiners, direction marks and tags: U+0000-001F, 007F-00A0, 00AD, 061C, 180E, 2000-200F,
 * 2028-202F, 205F-206F, 3000, FEFF, FFF9-FFFB, E0000-E007F. A fixed list, so that every Unicode version writes the same line.
 */
const HIDDEN =
  /["\\\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/** Text as the notation writes it: bare when it is one word, else quoted. */
export function formatText(text: string): string {
  return /^\w+$/.test(text) ? text : quote(text)
}

function keyOf(component: Component): TieKey | undefined {
  return component.kind === 'insert' || component.kind === 'embed' ? component.key : undefined
}

function formatStep(component: Component): string {
  switch (component.kind) {
    case 'retain':
      return `${component.length}${formatSet(component.attributes)}`
    case 'insert':
      return `+${formatText(component.text)}${formatSet(component.attributes)}`
    case 'embed': {
      const data = component.embed.data === 'null' ? '' : ` ${formatText(component.embed.data)}`
      return `+<${formatText(component.embed.type)}${data}>${formatSet(component.attributes)}`
    }
    case 'delete':
      return `-${component.length}`
  }
}

function formatSet(set: Attributes): string {
  if (set.length === 0) return ''
  return `{${set.map(([name, value]) => `${formatText(name)}=${formatValue(value)}`).join(', ')}}`
}

function formatValue(value: AttributeValue): string {
  return typeof value === 'string' ? quote(value) : String(value)
}

function quote(text: string): string {
  return `"${text.replace(HIDDEN, escape)}"`
}

function escape(character: string): string {
  switch (character) {
    case '"':
    case '\\':
      return `\\${character}`
    case '\n':
      return '\\n'
    case '\t':
      return '\\t'
    default:
      return `\\u{${character.codePointAt(0)!.toString(16)}}`
  }
}
