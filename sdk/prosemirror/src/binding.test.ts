import { DocumentText, toDelta } from '@concord/ot'
import { expect, test } from 'vitest'
import { type FakeDocument, FakeRoom } from '../test/fake-room.ts'
import { FakeView } from '../test/fake-view.ts'
import { randomOperation, randomTransaction } from '../test/random-edits.ts'
import { FIRST_SEED, Seeded } from '../test/seeded.ts'
import { flatContent, richText } from './index.ts'

const SEEDS = 300

const STEPS = 40

test(`two editors and a peer: editors stay equal to their texts under any edits, compositions and delays (${SEEDS} seeds from ${FIRST_SEED})`, () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) play(seed)
})

function play(seed: number): void {
  const random = new Seeded(seed)
  const room = new FakeRoom()
  const documents = [room.join(), room.join(), room.join()]
  const views = documents.slice(0, 2).map((document) => new FakeView(document))
  for (let count = 0; count < STEPS; count++) {
    try {
      step(random, documents, views)
    } catch (error) {
      throw new Error(`CONCORD_SEED=${seed}: step ${count}`, { cause: error })
    }
    check(documents, views, `CONCORD_SEED=${seed}: step ${count}`)
  }
  for (const view of views) view.composing = false
  room.settle()
  check(documents, views, `CONCORD_SEED=${seed}: at the end`)
  expect(new Set(documents.map((document) => document.hash)).size, `CONCORD_SEED=${seed}: texts`).toBe(1)
}

/** Two documents have an editor, the third one is a script. */
function step(random: Seeded, documents: readonly FakeDocument[], views: readonly FakeView[]): void {
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

function check(documents: readonly FakeDocument[], views: readonly FakeView[], where: string): void {
  views.forEach((view, index) => {
    view.state.doc.check()
    expect(view.repairs, `${where}: editor ${index} repaired`).toEqual([])
    if (view.composing) return
    view.timers.run()
    expect(shown(view, documents[index]!), `${where}: editor ${index}`).toBe(shared(documents[index]!))
  })
}

/** The flat text of an editor, without the newline that an open text does not have. */
function shown(view: FakeView, document: FakeDocument): string {
  const text = DocumentText.from(flatContent(view.state.doc, richText))
  return JSON.stringify(toDelta(text.length === document.text.length + 1 ? text.content(0, text.length - 1) : text.content()))
}

function shared(document: FakeDocument): string {
  const runs = [...document.text.runs()]
  return JSON.stringify(runs.map(({ insert, attributes }) => (attributes.length === 0 ? { insert } : { insert, attributes: Object.fromEntries(attributes) })))
}
