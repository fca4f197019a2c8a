import { type ListKind, richTextSchema } from '@concord/prosemirror'
import { InputRule } from 'prosemirror-inputrules'

/** What typed marks at the start of a paragraph turn it into; undo gives the marks back. */
export const typingRules: readonly InputRule[] = [
  atStart(/^(#{1,3})\s$/, (match) => ({ heading: match[1]!.length, list: null })),
  atStart(/^[-*]\s$/, () => list('bullet')),
  atStart(/^1[.)]\s$/, () => list('ordered')),
  atStart(/^\[( ?|x)\]\s$/, (match) => ({ ...list('check'), checked: match[1] === 'x' ? true : null })),
  atStart(/^>\s$/, () => ({ quote: true })),
  atStart(/^```\s$/, () => ({ code: true, heading: null, list: null })),
  inlineCode(),
]

function list(kind: ListKind): Record<string, unknown> {
  return { list: kind, checked: null, heading: null }
}

function atStart(pattern: RegExp, change: (match: RegExpMatchArray) => Record<string, unknown>): InputRule {
  return new InputRule(pattern, (state, match, start, end) => {
    const block = state.doc.resolve(start)
    if (block.parent.attrs['code'] !== null) return null
    const tr = state.tr.delete(start, end)
    for (const [name, value] of Object.entries(change(match))) tr.setNodeAttribute(block.before(1), name, value)
    return tr
  })
}

/** `code` between back ticks. */
function inlineCode(): InputRule {
  return new InputRule(/(?<!`)`([^`]+)`$/, (state, match, start, end) => {
    if (state.doc.resolve(start).parent.attrs['code'] !== null) return null
    const mark = richTextSchema.marks['code']!
    return state.tr.replaceWith(start, end, richTextSchema.text(match[1]!, [mark.create()])).removeStoredMark(mark)
  })
}
