import { format } from '../src/notation.ts'
import type { Operation } from '../src/operation.ts'
import { DocumentText } from '../src/text/document-text.ts'
import { naiveHash } from './naive-hash.ts'
import { type Cell, naiveApply, naiveRuns, naiveText } from './naive-text.ts'
import { caretAfter, misfit, randomContent, randomOperation, randomTyping, upTo } from './random-edits.ts'
import { testSeed, Seeded } from './seeded.ts'

/** One law: runs one session of cases from a seed, throws where the law is broken, answers how many cases it tried. */
export type TextLaw = (session: Session) => number

const STEPS = 20

/** A document and its naive twin, with everything done to them, so that a failure can be pasted. */
export class Session {
  readonly random: Seeded
  readonly document: DocumentText
  readonly story: string[]
  cells: readonly Cell[]

  constructor(seed: number) {
    this.random = new Seeded(seed)
    const length = this.random.chance(0.9) ? upTo(this.random, 40) : upTo(this.random, this.random.chance(0.1) ? 20_000 : 2500)
    const content = randomContent(this.random, length)
    this.document = DocumentText.from(content)
    this.cells = applied([], content)
    this.story = [`DocumentText.from(parse(0, ${JSON.stringify(format(content))}))`]
  }

  /** Applies to both; they must agree whether it fits. */
  apply(operation: Operation): void {
    this.story.push(`apply(parse(${operation.baseLength}, ${JSON.stringify(format(operation))}))`)
    const outcome = naiveApply(this.cells, operation)
    const failure = this.document.apply(operation)
    this.demand((failure !== undefined) === ('code' in outcome), `apply answers ${JSON.stringify(failure)}, the model ${'code' in outcome ? outcome.code : 'fits'}`)
    if (!('code' in outcome)) this.cells = outcome.cells
  }

  demand(condition: boolean, complaint: string): void {
    if (!condition) throw new Error(`${complaint}\n${this.story.join('\n')}`)
  }

  compare(document: DocumentText = this.document, cells: readonly Cell[] = this.cells): void {
    this.demand(document.length === cells.length, `length ${document.length}, model ${cells.length}`)
    this.demand(document.toString() === naiveText(cells), `text ${JSON.stringify(document.toString())}, model ${JSON.stringify(naiveText(cells))}`)
    this.demand(JSON.stringify([...document.runs()]) === naiveRuns(cells), `runs ${JSON.stringify([...document.runs()])}, model ${naiveRuns(cells)}`)
  }
}

/** Any edits, typing among them: the document is what the model is, wherever one looks. */
export function editsLaw(session: Session): number {
  let caret = 0
  for (let step = 0; step < STEPS; step++) {
    const typing = session.random.chance(0.7)
    const operation = typing ? randomTyping(session.random, session.cells, caret) : randomOperation(session.random, session.cells)
    session.apply(operation)
    if (typing) caret = caretAfter(operation)
    if (session.random.chance(0.2)) look(session)
  }
  session.compare()
  return STEPS
}

/** A snapshot and what it was taken from go their own ways, and so do snapshots of snapshots. */
export function snapshotLaw(session: Session): number {
  const branches = [{ document: session.document, cells: session.cells }]
  for (let step = 0; step < STEPS; step++) {
    const branch = session.random.pick(branches)
    if (session.random.chance(0.2)) branches.push({ document: branch.document.snapshot(), cells: branch.cells })
    const operation = session.random.chance(0.5) ? randomTyping(session.random, branch.cells, upTo(session.random, branch.cells.length)) : randomOperation(session.random, branch.cells)
    session.story.push(`branch ${branches.indexOf(branch)} of ${branches.length}: ${format(operation)}`)
    const outcome = naiveApply(branch.cells, operation)
    session.demand(('code' in outcome) === (branch.document.apply(operation) !== undefined), 'a branch and its model disagree on what fits')
    if (!('code' in outcome)) branch.cells = outcome.cells
  }
  for (const { document, cells } of branches) session.compare(document, cells)
  return STEPS
}

/** `apply(op)`, then `apply(inverse)`: equal content, equal hash. */
export function invertLaw(session: Session): number {
  for (let step = 0; step < STEPS; step++) {
    const operation = randomOperation(session.random, session.cells)
    const before = { frozen: session.document.snapshot(), hash: session.document.hash() }
    const inverse = session.document.invert(operation)
    session.apply(operation)
    const after = session.cells
    session.apply(inverse)
    session.demand(session.document.equals(before.frozen) && before.frozen.equals(session.document), `${format(inverse)} does not restore the content`)
    session.demand(session.document.hash() === before.hash, `${format(inverse)} restores the content, but not the hash`)
    if (step % 2 === 0) session.apply(operation)
    session.cells = step % 2 === 0 ? after : session.cells
  }
  return STEPS
}

/** What does not fit fails, and leaves content and hash alone. */
export function failureLaw(session: Session): number {
  let cases = 0
  for (let step = 0; step < STEPS; step++) {
    session.apply(session.random.chance(0.5) ? randomTyping(session.random, session.cells, upTo(session.random, session.cells.length)) : randomOperation(session.random, session.cells))
    const operation = misfit(session.random, session.cells)
    if (operation === undefined) continue
    const settled = session.random.chance(0.5) ? { frozen: session.document.snapshot(), hash: session.document.hash() } : undefined
    session.demand('code' in naiveApply(session.cells, operation), `the case is wrong: ${format(operation)} fits`)
    session.apply(operation)
    session.demand(settled === undefined || (session.document.equals(settled.frozen) && session.document.hash() === settled.hash), 'a failed apply changed the document')
    cases++
  }
  session.compare()
  return cases
}

/** The hash is the definition's, after every edit; content cut into other pieces has it too, and other content has another. */
export function hashLaw(session: Session): number {
  const { random, document } = session
  for (let step = 0; step < STEPS; step++) {
    const operation = randomOperation(random, session.cells)
    const [before, cellsBefore] = [document.hash(), session.cells]
    session.apply(operation)
    const same = document.length === cellsBefore.length && naiveRuns(cellsBefore) === naiveRuns(session.cells)
    session.demand(same === (document.hash() === before), `content ${same ? 'stays' : 'changes'}, hash goes from ${before} to ${document.hash()}`)
  }
  session.demand(document.hash() === naiveHash(session.cells), `hash ${document.hash()}, by definition ${naiveHash(session.cells)}`)
  const cut = DocumentText.fromChunks(document.chunks(2 + upTo(random, 30)))
  session.demand(cut.hash() === document.hash() && cut.equals(document), `cut into chunks it has the hash ${cut.hash()}, whole ${document.hash()}`)
  return STEPS
}

/** Runs sessions from `seed` on until `cases` are done. A failure names the session's seed. */
export function runLaw(law: TextLaw, cases: number, seed: number = testSeed()): void {
  console.log(`${law.name}: ${cases} cases from CONCORD_SEED=${seed}`)
  for (let done = 0, session = seed; done < cases; session++) {
    const current = new Session(session)
    try {
      done += law(current)
    } catch (error) {
      throw new Error(`${law.name} is broken, again with CONCORD_SEED=${session}`, { cause: error })
    }
  }
}

/** Compares one place and one range of the document with the model. */
function look(session: Session): void {
  const { random, document, cells } = session
  const [from, to] = [upTo(random, cells.length), upTo(random, cells.length)].sort((a, b) => a - b) as [number, number]
  const text = naiveText(cells.slice(from, to))
  session.demand(document.slice(from, to) === text, `slice(${from}, ${to}) is ${JSON.stringify(document.slice(from, to))}, model ${JSON.stringify(text)}`)
  session.demand(JSON.stringify([...document.runs(from, to)]) === naiveRuns(cells.slice(from, to)), `runs(${from}, ${to}) differ`)
  const cell = cells[from]
  if (cell === undefined) return
  session.demand(JSON.stringify(document.attributesAt(from)) === JSON.stringify(cell.attributes), `attributesAt(${from})`)
  session.demand(document.charCodeAt(from) === naiveText([cell]).charCodeAt(0), `charCodeAt(${from})`)
}

function applied(cells: readonly Cell[], operation: Operation): readonly Cell[] {
  const outcome = naiveApply(cells, operation)
  if ('code' in outcome) throw new Error(`the model refuses the content: ${outcome.code}`)
  return outcome.cells
}
