import { format, type Operation, parse } from '@concord/ot'
import { Slice } from 'prosemirror-model'
import { type Command, TextSelection } from 'prosemirror-state'
import { expect, test } from 'vitest'
import { type FakeDocument, FakeRoom } from '../test/fake-room.ts'
import { FakeView } from '../test/fake-view.ts'
import {
  type ConcordPluginOptions,
  cursorPosition,
  flatPosition,
  leaveParagraph,
  richTextSchema,
  setHeading,
  splitParagraph,
  toggleList,
} from './index.ts'

/** An editor of a text, and the operations that it makes. */
function editor(content: string, options: ConcordPluginOptions = {}) {
  const room = new FakeRoom()
  const document = room.join()
  document.changeElsewhere(parse(0, content))
  const view = new FakeView(document, options)
  const made: string[] = []
  document.on('change', ({ operation }) => made.push(format(operation)))
  return { room, document, view, made }
}

function remote(document: FakeDocument, operation: string): Operation {
  const parsed = parse(document.text.length, operation)
  document.changeElsewhere(parsed)
  return parsed
}

function select(view: FakeView, anchor: number, head = anchor): void {
  const { doc, tr } = view.state
  view.dispatch(tr.setSelection(TextSelection.create(doc, cursorPosition(doc, anchor), cursorPosition(doc, head))))
}

function selected(view: FakeView): [number, number] {
  const { doc, selection } = view.state
  return [flatPosition(doc, selection.anchor), flatPosition(doc, selection.head)]
}

function run(view: FakeView, command: Command): void {
  command(view.state, (tr) => view.dispatch(tr))
}

test('a letter typed among its like is an insert where it was typed', () => {
  const { view, made } = editor('+"aaaa\\n"')
  view.dispatch(view.state.tr.insertText('a', 2))
  expect(made).toEqual(['1 +a'])
})

test('replacing a word keeps what both words share, and whole characters', () => {
  const { view, made } = editor('+"see 😀 there\\n"')
  select(view, 4, 6)
  view.dispatch(view.state.tr.insertText('😁'))
  expect(made).toEqual(['4 +"😁" -2'])
})

test('a mark over a range is a retain with the attribute, whatever it crosses', () => {
  const { view, made } = editor('+"one\\ntwo\\n"')
  view.dispatch(view.state.tr.addMark(2, 8, richTextSchema.marks['bold']!.create()))
  expect(made).toEqual(['1 2{bold=true} 1 2{bold=true}'])
})

test('Enter at the end of a heading leaves the heading above, Backspace joins the two again', () => {
  const { view, made } = editor('+"abcd" +"\\n"{heading=1}')
  select(view, 4)
  run(view, splitParagraph)
  expect(made).toEqual(['5 +"\\n"'])
  view.dispatch(view.state.tr.join(6))
  expect(made[1]).toBe('4 -1 1{heading=1}')
})

test('an open text is closed by what needs a newline to stand on, and only then', () => {
  const { view, made, document } = editor('+ab')
  view.dispatch(view.state.tr.insertText('c', 3))
  run(view, setHeading(2))
  expect(made).toEqual(['2 +c', '3 +"\\n"{heading=2}'])
  expect(document.text.slice(0)).toBe('abc\n')
})

test('attributes that no schema knows survive edits around them and a split', () => {
  const { view, document } = editor('+ab{glow=3} +"\\n"{list="bullet", mood="calm"}')
  select(view, 1)
  run(view, splitParagraph)
  view.dispatch(view.state.tr.insertText('x'))
  expect([...document.text.runs()].map(({ insert, attributes }) => [insert, attributes])).toEqual([
    ['a', [['glow', 3]]],
    ['\n', [['list', 'bullet'], ['mood', 'calm']]],
    ['xb', [['glow', 3]]],
    ['\n', [['list', 'bullet'], ['mood', 'calm']]],
  ])
})

test('values that are none of the schema are carried, not shown: a script-like link is no link', () => {
  const { view } = editor('+a{link="javascript:alert(1)"} +b{link="https://a.b"} +c{color="red"} +"\\n"{heading=9}')
  const block = view.state.doc.firstChild!
  expect(block.children.map((node) => node.marks.map((mark) => mark.type.name))).toEqual([['carried'], ['link'], ['carried']])
  expect(block.attrs['heading']).toBeNull()
})

test('an empty item leaves its list, and Backspace at the start of an item makes it text', () => {
  const { view, document } = editor('+"a\\n"{list="bullet"} +"\\n"{list="bullet"}')
  select(view, 2)
  run(view, splitParagraph)
  expect(document.text.length).toBe(3)
  expect(view.state.doc.child(1).attrs['list']).toBeNull()
  select(view, 0)
  run(view, leaveParagraph)
  expect(view.state.doc.child(0).attrs['list']).toBeNull()
  run(view, toggleList('check'))
  expect(view.state.doc.child(0).attrs['list']).toBe('check')
})

test('somebody else\'s insert exactly at the caret stays behind it, and outside a selection', () => {
  const { view, document } = editor('+"abcd\\n"')
  select(view, 2)
  document.on('change', () => {})
  receive(document, view, '2 +XY')
  expect(selected(view)).toEqual([2, 2])
  select(view, 4, 6)
  receive(document, view, '4 +in 2 +out')
  expect(selected(view)).toEqual([6, 8])
})

test('a change of others is one step where it is, not a new document', () => {
  const lines = Array.from({ length: 400 }, (_, index) => `line ${index}`).join('\\n')
  const { view, document } = editor(`+"${lines}\\n"`)
  const before = view.state.doc
  receive(document, view, '600 +here')
  const kept = before.children.filter((block) => view.state.doc.children.includes(block))
  expect(kept).toHaveLength(before.childCount - 1)
})

test('undo of the document puts the caret where something came back', () => {
  const { view, document } = editor('+"one two\\n"')
  select(view, 0)
  remote(document, '4 +back')
  expect(selected(view)).toEqual([8, 8])
})

test('where an input method composes nothing moves until it is done; elsewhere edits show at once', () => {
  const { view, document, made } = editor('+"first\\nsecond\\nthird\\n"')
  select(view, 12)
  view.composing = true
  view.dispatch(view.state.tr.insertText('ni'))
  receive(document, view, '2 +A 6 +B 9 +C')
  expect(view.state.doc.textContent).toBe('fiArstsecondnithCird')
  view.dispatch(view.state.tr.insertText('hao'))
  expect(made[made.length - 1]).toBe('16 +hao')
  view.composing = false
  view.timers.run()
  expect(view.state.doc.textContent).toBe('fiArstseBcondnihaothCird')
  expect(view.repairs).toEqual([])
})

test('a paste with newlines within a line becomes lines, half a character becomes U+FFFD', () => {
  const { view, document } = editor('+"ab\\n"')
  view.dispatch(view.state.tr.replace(2, 2, new Slice(richTextSchema.node('paragraph', null, [richTextSchema.text('x\ny\ud83d')]).content, 0, 0)))
  expect(document.text.slice(0)).toBe('ax\ny\ufffdb\n')
  expect(view.state.doc.childCount).toBe(2)
})

test('read-only: no transaction edits, and edits of others still show', () => {
  const { view, document, made } = editor('+"ab\\n"', { editable: () => false })
  view.dispatch(view.state.tr.insertText('x'))
  expect(made).toEqual([])
  receive(document, view, '1 +y')
  expect(view.state.doc.textContent).toBe('ayb')
})

test('an edit that the document refuses is taken back, and reported', () => {
  const { view, document } = editor('+"ab\\n"')
  document.change = () => {
    throw new RangeError('refused')
  }
  view.dispatch(view.state.tr.insertText('x', 1))
  view.timers.run()
  expect(view.state.doc.textContent).toBe('ab')
  expect(view.repairs).toHaveLength(1)
})

test('an editor made without the text takes it over', () => {
  const { document } = editor('+"later\\n"')
  const view = new FakeView(document)
  view.destroy()
  const other = new FakeView({ text: { length: 0, slice: () => '', runs: () => [] }, change: () => {}, on: () => () => {} })
  expect(other.state.doc.textContent).toBe('')
  expect(new FakeView(document).state.doc.textContent).toBe('later')
})

/** A change by somebody else. */
function receive(document: FakeDocument, view: FakeView, operation: string): void {
  const others = document.room.join()
  document.room.settle()
  others.changeElsewhere(parse(others.text.length, operation))
  document.room.settle()
  if (!view.composing) view.timers.run()
}
