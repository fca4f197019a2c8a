import type { Attributes, AttributeValue } from '@concord/ot'

/** Links that do something else than open a page or write a mail are shown as text: they can come from any peer. */
const SAFE_LINK = /^(?:https?:\/\/|mailto:)[^\s\u0000-\u001f\u007f]+$/i

/** Whether a value may become the target of a link. */
export function isSafeLink(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 2048 && SAFE_LINK.test(value)
}

/** Whether a value is `#rrggbb`: nothing else of a peer reaches a style. */
export function isColor(value: unknown): value is string {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/.test(value)
}

/** What a person typed as a link's target, completed; undefined when it cannot be one. */
export function completeLink(typed: string): string | undefined {
  const text = typed.trim()
  if (isSafeLink(text)) return text
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(text)) return `mailto:${text}`
  const completed = `https://${text}`
  return /^[\w-]+(\.[\w-]+)+([/?#:]|$)/.test(text) && isSafeLink(completed) ? completed : undefined
}

/** The value of one attribute; undefined when the set has none of that name. */
export function valueOf(set: Attributes, name: string): AttributeValue | undefined {
  return set.find(([key]) => key === name)?.[1]
}

/** Attributes as one string, for a node or mark attribute that ProseMirror compares; null for none. */
export function packAttributes(set: readonly (readonly [string, AttributeValue])[]): string | null {
  return set.length === 0 ? null : JSON.stringify(set)
}

/** The inverse of {@link packAttributes}. Pasted HTML cannot get here: no parse rule makes a packed attribute. */
export function unpackAttributes(packed: unknown): (readonly [string, AttributeValue])[] {
  return typeof packed === 'string' ? (JSON.parse(packed) as [string, AttributeValue][]) : []
}
