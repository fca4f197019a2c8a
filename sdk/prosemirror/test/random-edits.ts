import { type AttributesInput, type Operation, OperationBuilder } from '@concord/ot'
import { type Node, Slice } from 'prosemirror-model'
import { type Command, type EditorState, TextSelection, type Transaction } from 'prosemirror-state'
import * as commands from '../src/commands.ts'
import { type CollaborativeText, richTextSchema } from '../src/index.ts'
import type { Seeded } from './seeded.ts'

const TEXTS = ['a', 'b', 'hello ', '😀', 'xyz', '👩‍👩‍👧', 'é']

const COMMANDS: readonly Command[] = [
  commands.setHeading(2),
  commands.setHeading(null),
  commands.toggleList('bullet'),
  commands.toggleList('check'),
  commands.toggleQuote,
  commands.toggleCodeBlock,
  commands.indentBy(1),
  commands.indentBy(-1),
  commands.splitParagraph,
  commands.leaveParagraph,
  commands.insertDivider,
  commands.setColor('#ff0000'),
  commands.setLink('https://example.org/a'),
  commands.removeLink,
]

/** One edit such as a person makes, through a transaction. */
export function randomTransaction(state: EditorState, random: Seeded): Transaction | undefined {
  const { doc } = state
  const ends = [randomPlace(doc, random), randomPlace(doc, random)].sort((a, b) => a - b) as [number, number]
  const selected = state.tr.setSelection(TextSelection.between(doc.resolve(ends[0]), doc.resolve(random.float() < 0.5 ? ends[0] : ends[1])))
  switch (random.between(0, 6)) {
    case 0:
    case 1:
      return selected.insertText(random.pick(TEXTS))
    case 2:
      return selected.deleteSelection()
    case 3:
      return selected.addMark(selected.selection.from, selected.selection.to, richTextSchema.marks[random.pick(['bold', 'italic', 'code'])]!.create())
    case 4:
      return pasteSomewhere(selected, doc, random)
    default:
      return runCommand(state.apply(selected), random.pick(COMMANDS))
  }
}

/** Replaces the selection by a piece of the document itself. */
function pasteSomewhere(tr: Transaction, doc: Node, random: Seeded): Transaction {
  const ends = [randomPlace(doc, random), randomPlace(doc, random)].sort((a, b) => a - b)
  const slice = doc.slice(ends[0]!, Math.min(ends[1]!, ends[0]! + 12))
  return random.float() < 0.5 ? tr.replaceSelection(slice) : tr.replaceSelection(new Slice(slice.content, 0, 0))
}

function runCommand(state: EditorState, command: Command): Transaction | undefined {
  let made: Transaction | undefined
  command(state, (tr) => (made = tr))
  return made
}

/** Any position but the middle of a surrogate pair, where no person can put a caret. */
function randomPlace(doc: Node, random: Seeded): number {
  const place = random.between(0, doc.content.size)
  const before = doc.textBetween(Math.max(0, place - 1), Math.min(doc.content.size, place + 1), '\n', '\ufffc')
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(before) ? place - 1 : place
}

const SETS: readonly AttributesInput[] = [
  { heading: 1 },
  { heading: 9 },
  { list: 'ordered', indent: 2 },
  { heading: null, list: null },
  { bold: true },
  { bold: 'very' },
  { bold: null, custom: 7 },
  { 'code-block': true, align: 'center' },
  { list: 'check', checked: false },
  { link: 'javascript:alert(1)' },
  { color: '#00ff00' },
]

/** One edit such as any peer may make, on the flat text. */
export function randomOperation(text: CollaborativeText, random: Seeded): Operation {
  const builder = new OperationBuilder(text.length)
  let at = 0
  for (let step = random.between(1, 3); step > 0 && at <= text.length; step--) {
    const from = whole(text, random.between(at, text.length))
    if (from < at) continue
    builder.retain(from - at)
    at = from
    const to = Math.max(at, whole(text, random.between(at, Math.min(text.length, at + 8))))
    switch (random.between(0, 3)) {
      case 0:
        builder.insert(random.pick([...TEXTS, '\n', 'p\nq', '\n\n', 'end\n']), random.float() < 0.3 ? random.pick(SETS) : undefined)
        break
      case 1:
        builder.delete(to - at)
        at = to
        break
      case 2:
        builder.retain(to - at, random.pick(SETS))
        at = to
        break
      default:
        builder.insertEmbed({ type: random.pick(['divider', 'mention']), data: 'null' }, random.float() < 0.3 ? random.pick(SETS) : undefined)
    }
  }
  return builder.build()
}

function whole(text: CollaborativeText, position: number): number {
  return /[\ud800-\udbff]/.test(text.slice(position - 1, position)) && position > 0 ? position - 1 : position
}
