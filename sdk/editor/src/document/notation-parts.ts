/** A step of the one-line notation, for colouring. */
export interface NotationPart {
  readonly kind: 'keep' | 'format' | 'insert' | 'delete' | 'key'
  readonly text: string
}

/** Characters shown of one operation; a paste would fill the panel. */
const MAX_SHOWN = 160

/** A step begins at a sign or digit after a space, outside of quotes and braces. */
const STEP = /(?:"(?:[^"\\]|\\.)*"|\{(?:"(?:[^"\\]|\\.)*"|[^"}])*\}|<(?:"(?:[^"\\]|\\.)*"|[^">])*>|[^\s"{<])+/g

const KINDS: Readonly<Record<string, NotationPart['kind']>> = { '+': 'insert', '-': 'delete', '@': 'key' }

/** The steps of a notation; tie keys are left out, and what is long is cut. */
export function splitNotation(notation: string): readonly NotationPart[] {
  const parts: NotationPart[] = []
  let left = MAX_SHOWN
  for (const [step] of notation.matchAll(STEP)) {
    const kind = KINDS[step[0]!] ?? (step.includes('{') ? 'format' : 'keep')
    if (kind === 'key') continue
    if (step.length > left) return [...parts, { kind, text: `${step.slice(0, left).toWellFormed()}…` }]
    parts.push({ kind, text: step })
    left -= step.length
  }
  return parts
}
