import { DocumentText, type Operation, OperationBuilder, toDelta } from '@concord/ot'
import { TextSelection } from 'prosemirror-state'
import { describe, expect, test } from 'vitest'
import { FakeRoom, type FakeDocument } from '../test/fake-room.ts'
import { FakeView } from '../test/fake-view.ts'
import { randomOperation, randomTransaction } from '../test/random-edits.ts'
import { FIRST_SEED, Seeded } from '../test/seeded.ts'
import { cursorPosition, flatContent, richText, richTextSchema } from './index.ts'

const SEEDS = 400

/** The flat text of an editor, without the newline that an open text does not have. */
function flat(view: FakeView, document: FakeDocument): string {
  const content = toDelta(flatContent(view.state.doc, richText))
  const shown = DocumentText.from(flatContent(view.state.doc, richText))
  return shown.length === document.text.length + 1 ? JSON.stringify(runs(shown.content(0, shown.length - 1))) : JSON.stringify(content)
}

function runs(content: Operation) {
  return toDelta(content)
}

function shared(document: FakeDocument): string {
  return JSON.stringify([...document.text.runs()].map(({ insert, attributes }) => (attributes.length === 0 ? { insert } : { insert, attributes: Object.fromEntries(attributes) })))
}

describe('two editors', () => {
  test(`stay equal to their texts under any edits of editors and peers (${SEEDS} seeds from ${FIRST_SEED})`, () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) play(seed)
  })

  function play(seed: number): void {
    const random = new Seeded(seed)
    const room = new FakeRoom()
    const documents = [room.join(), room.join(), room.join()]
    const views = documents.slice(0, 2).map((document) => new FakeView(document))
    const step = (): void => {
      const index = random.between(0, 2)
      const [document, view] = [documents[index]!, views[index]]
      const choice = random.float()
      if (choice < 0.3) document.exchange()
      else if (view !== undefined && choice < 0.35) view.composing = !view.composing
      else if (view !== undefined && choice < 0.4) view.timers.run()
      else if (view === undefined || choice < 0.5) document.changeElsewhere(randomOperation(document.text, random))
      else {
        const tr = randomTransaction(view.state, random)
        if (tr !== undefined) view.dispatch(tr)
      }
    }
    const check = (where: string): void => {
      views.forEach((view, index) => {
        if (!view.composing) view.timers.run()
        expect(view.repairs, `seed ${seed}, editor ${index}, ${where}: repaired`).toEqual([])
        if (!view.composing) expect(flat(view, documents[index]!), `CONCORD_SEED=${seed}: editor ${index}, ${where}`).toBe(shared(documents[index]!))
        view.state.doc.check()
      })
    }
    for (let count = 0; count < 40; count++) {
      try {
        step()
      } catch (error) {
        throw new Error(`CONCORD_SEED=${seed}: step ${count}`, { cause: error })
      }
      check(`step ${count}`)
    }
    for (const view of views) view.composing = false
    room.settle()
    for (const view of views) view.timers.run()
    check('at the end')
    expect(new Set(documents.map((document) => document.hash)).size, `CONCORD_SEED=${seed}: texts`).toBe(1)
  }
})
