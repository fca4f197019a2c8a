import type { Attributes, AttributeValue, Embed, Operation } from '@concord/ot'

/** What is not allowed, and where in the operation it stands. */
export interface Forbidden {
  readonly field: string
  readonly message: string
}

type Check = (value: AttributeValue) => string | undefined

const FLAG: Check = (value) => (value === true ? undefined : 'is true or removed')

const INDENT_LEVELS = 8
const MAX_URL = 2_048

/** Attributes of the document type `text`, as docs/attributes.md describes them. `null` on a retain removes any of them. */
export const TEXT_ATTRIBUTES: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['bold', FLAG],
  ['italic', FLAG],
  ['underline', FLAG],
  ['strike', FLAG],
  ['code', FLAG],
  ['link', (value) => (typeof value === 'string' && isSafeLink(value) ? undefined : 'is an http, https or mailto address')],
  ['color', (value) => (typeof value === 'string' && /^#[0-9a-f]{6}$/.test(value) ? undefined : 'is #rrggbb in lowercase')],
  ['heading', (value) => (isWhole(value, 1, 6) ? undefined : 'is a whole number from 1 to 6')],
  ['list', oneOf('bullet', 'ordered', 'check')],
  ['checked', (value) => (typeof value === 'boolean' ? undefined : 'is true or false')],
  ['indent', (value) => (isWhole(value, 0, INDENT_LEVELS) ? undefined : `is a whole number from 0 to ${INDENT_LEVELS}`)],
  ['quote', FLAG],
  ['code-block', (value) => (value === true || (typeof value === 'string' && /^[a-z0-9+#.-]{1,32}$/.test(value)) ? undefined : 'is true or the name of a language')],
  ['align', oneOf('left', 'center', 'right', 'justify')],
])

type EmbedCheck = (data: ReadonlyMap<string, unknown>) => string | undefined

/** Embeds of the document type `text`: their data is a JSON object with these fields and no others. */
export const TEXT_EMBEDS: ReadonlyMap<string, EmbedCheck> = new Map<string, EmbedCheck>([
  ['image', fields({ src: (value) => typeof value === 'string' && isSafeImage(value) }, { alt: isText(1_000), width: isPixels, height: isPixels })],
  ['mention', fields({ user: isText(128), label: isText(200) }, {})],
  ['divider', fields({}, {})],
  ['break', fields({}, {})],
])

/** The first attribute or embed that the document type does not allow. Tables are checked, so each set costs once however often it is used. */
export function forbiddenContent(operation: Operation): Forbidden | undefined {
  for (let i = 0; i < operation.attributes.length; i++) {
    const message = attributesProblem(operation.attributes[i]!)
    if (message !== undefined) return { field: `attributes[${i}]`, message }
  }
  for (let i = 0; i < operation.embeds.length; i++) {
    const message = embedProblem(operation.embeds[i]!)
    if (message !== undefined) return { field: `embeds[${i}]`, message }
  }
  return undefined
}

function attributesProblem(set: Attributes): string | undefined {
  for (const [name, value] of set) {
    const check = TEXT_ATTRIBUTES.get(name)
    if (check === undefined) return 'An attribute is not one of the document type.'
    const problem = value === null ? undefined : check(value)
    if (problem !== undefined) return `The attribute ${name} ${problem}.`
  }
  return undefined
}

function embedProblem({ type, data }: Embed): string | undefined {
  const check = TEXT_EMBEDS.get(type)
  if (check === undefined) return 'An embed is not one of the document type.'
  const value: unknown = JSON.parse(data)
  if (value === null && (type === 'divider' || type === 'break')) return undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `The data of ${type} is a JSON object.`
  const problem = check(new Map(Object.entries(value)))
  return problem === undefined ? undefined : `The data of ${type}: ${problem}.`
}

/** Schemes that cannot run anything. Parsed, because browsers read `java\nscript:` their own way. */
function isSafeLink(link: string): boolean {
  if (link.length > MAX_URL || /[\u0000-\u0020\u007f-\u009f]/.test(link)) return false
  const url = URL.parse(link)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:' || url.protocol === 'mailto:')
}

function isSafeImage(link: string): boolean {
  return isSafeLink(link) && !link.toLowerCase().startsWith('mailto:')
}

function oneOf(...allowed: readonly string[]): Check {
  return (value) => (typeof value === 'string' && allowed.includes(value) ? undefined : `is one of ${allowed.join(', ')}`)
}

function isWhole(value: unknown, from: number, to: number): boolean {
  return Number.isInteger(value) && (value as number) >= from && (value as number) <= to
}

function isPixels(value: unknown): boolean {
  return isWhole(value, 1, 16_384)
}

function isText(maxLength: number): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && value.length > 0 && value.length <= maxLength && !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(value)
}

type FieldCheck = (value: unknown) => boolean

function fields(required: Record<string, FieldCheck>, optional: Record<string, FieldCheck>): EmbedCheck {
  const checks = new Map([...Object.entries(required), ...Object.entries(optional)])
  return (data) => {
    for (const name of Object.keys(required)) if (!data.has(name)) return `${name} is missing`
    for (const [name, value] of data) {
      const check = checks.get(name)
      if (check === undefined) return 'a field is not known'
      if (!check(value)) return `${name} is not valid`
    }
    return undefined
  }
}
