import { parse } from '@concord/ot'
import { TextSelection } from 'prosemirror-state'
import { DecorationSet } from 'prosemirror-view'
import { expect, test } from 'vitest'
import { FakeRoom } from '../test/fake-room.ts'
import { FakeView } from '../test/fake-view.ts'
import type { CollaborativePresence, RemoteCursor } from './index.ts'
import { bindingKey } from './binding-state.ts'

class FakePresence implements CollaborativePresence {
  others: RemoteCursor[] = []
  readonly said: (object | null)[] = []
  private listener = (): void => {}

  on(_event: 'change', listener: () => void): () => void {
    this.listener = listener
    return () => {}
  }

  set({ selection }: { readonly selection: object | null }): void {
    this.said.push(selection)
  }

  come(...others: RemoteCursor[]): void {
    this.others = others
    this.listener()
  }
}

function editor(content: string) {
  const room = new FakeRoom()
  const document = room.join()
  document.changeElsewhere(parse(0, content))
  const presence = new FakePresence()
  const view = new FakeView(document, { presence })
  return { room, document, presence, view }
}

function drawn(view: FakeView): [number, number][] {
  const set = bindingKey.getState(view.state)?.cursors ?? DecorationSet.empty
  return set.find().map(({ from, to }) => [from, to])
}

test('a caret stands where its position is, a selection from end to end, whichever way it was made', () => {
  const { presence, view } = editor('+"one\\ntwo\\n"')
  presence.come({ clientId: '1', name: 'Ada', color: '#112233', selection: { anchor: 5, head: 2 } }, { clientId: '2', name: '', color: 'url(x)' })
  view.timers.run()
  expect(drawn(view)).toEqual([
    [3, 7],
    [3, 3],
  ])
})

test('carets move with local edits at once, and stay where an input method composes', () => {
  const { presence, view } = editor('+"one\\ntwo\\n"')
  presence.come({ clientId: '1', name: 'Ada', color: '#112233', selection: { anchor: 5, head: 5 } })
  view.timers.run()
  view.dispatch(view.state.tr.insertText('xx', 1))
  expect(drawn(view)).toEqual([[9, 9]])
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 8)))
  view.composing = true
  presence.come({ clientId: '1', name: 'Ada', color: '#112233', selection: { anchor: 8, head: 8 } }, { clientId: '2', name: 'Eve', color: '#112233', selection: { anchor: 1, head: 1 } })
  view.timers.run()
  expect(drawn(view)).toEqual([
    [2, 2],
    [9, 9],
  ])
})

test('the own selection is told when it moves by hand, not when somebody else moves it, and not without focus', () => {
  const { room, document, presence, view } = editor('+"abcd\\n"')
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 3, 5)))
  expect(presence.said).toEqual([{ anchor: 2, head: 4 }])
  const other = room.join()
  room.settle()
  other.changeElsewhere(parse(document.text.length, '+xx'))
  room.settle()
  view.timers.run()
  expect(presence.said).toHaveLength(1)
  view.focused = false
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1)))
  expect(presence.said).toHaveLength(1)
  view.destroy()
  expect(presence.said[1]).toBeNull()
})
