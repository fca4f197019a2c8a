import type { Operation, TieKey } from '../src/operation.ts'
import { compareKeys, LOWEST_KEY } from '../src/tie-key.ts'
import { documentOf, type Draw, KEYS, randomContent, randomOperation, randomSequence } from './generate.ts'
import type { Algebra, Case, Law } from './law.ts'
import { applyNaively, decodeNaively, describe, type NaiveDocument, type Unit } from './naive-document.ts'

const ALL_KEYS: readonly TieKey[] = [LOWEST_KEY, ...KEYS]

export const after = (document: NaiveDocument, ...operations: readonly Operation[]): string => describe(operations.reduce(applyNaively, document))

/** One author's operation, or a group of several authors': what transform meets between a base version and head. */
export function drawGroup(algebra: Algebra, c: Case, document: NaiveDocument, keys: readonly TieKey[] = ALL_KEYS): Operation {
  if (c.random.chance(0.7)) return randomOperation(c.random, document, { key: c.random.pick(keys) })
  return algebra.composeAll(randomSequence(c.random, document, 2 + c.random.int(2), keys))
}

interface Rivals {
  readonly document: NaiveDocument
  readonly left: Operation
  readonly right: Operation
}

/** Two operations on one document that know nothing of each other. */
function drawRivals(algebra: Algebra, c: Case, keys: readonly TieKey[] = ALL_KEYS): Rivals {
  const content = randomContent(c.random)
  const document = documentOf(content)
  const [left, right] = [drawGroup(algebra, c, document, keys), drawGroup(algebra, c, document, keys)]
  c.note('content', content)
  c.note('left', left)
  c.note('right', right)
  return { document, left, right }
}

/** Both orders lead to one document, with keys; both results are in canonical form. */
export const tp1: Law = (algebra, c) => {
  const { document, left, right } = drawRivals(algebra, c)
  const [left2, right2] = algebra.transform(left, right)
  c.canonical(left2, 'left2')
  c.canonical(right2, 'right2')
  c.same(after(document, left, right2), after(document, right, left2), 'left then right2, against right then left2')
}

/** Every insert of either side is there, every unit that neither deleted is there, in its order, and nothing else is. */
export const nothingLost: Law = (algebra, c) => {
  const { document, left, right } = drawRivals(algebra, c, KEYS)
  const merged = [left, algebra.transform(left, right)[1]].reduce(applyNaively, document)
  const kept = survivors(left, right).map((index) => document[index]!)
  c.same(names(merged.filter(isOld)), names(kept), 'units of the document that stay')
  const made = [...insertedUnits(left), ...insertedUnits(right)]
  c.same(names(merged.filter((unit) => !isOld(unit)).sort(byName)), names(made.sort(byName)), 'units inserted')
}

/** On a unit that both change, the later one wins name by name; what only one of them sets stays (R13). */
export const laterWins: Law = (algebra, c) => {
  const { document, left, right } = drawRivals(algebra, c, KEYS)
  const merged = [right, algebra.transform(left, right)[0]].reduce(applyNaively, document)
  const [first, second] = [setsOf(left), setsOf(right)]
  const expected = survivors(left, right).map((index) => sorted({ ...document[index]!.attributes, ...first[index], ...second[index] }))
  c.same(merged.filter(isOld).map((unit) => sorted(unit.attributes)).join(), expected.join(), 'attributes after the merge')
}

/** Inserts at one place: whatever the order of commits, lower keys come first, equal keys in the order of their commits (R13). */
export const ties: Law = (algebra, c) => {
  const content = randomContent(c.random, 4)
  const base = documentOf(content).length
  const place = c.random.pick([0, base])
  const keys = [c.random.pick(ALL_KEYS), c.random.pick(KEYS), c.random.pick(KEYS)]
  const rivals = keys.map((key, i) => new algebra.OperationBuilder(base).key(key).retain(place).insert(`<${i}>`, c.random.chance(0.2) ? { bold: true } : {}).build())
  rivals.forEach((rival, i) => c.note(`rival${i}`, rival))
  const merged = rebaseInOrder(algebra, rivals).reduce(applyNaively, documentOf(content))
  const order = [0, 1, 2].sort((a, b) => compareKeys(keys[a]!, keys[b]!) || a - b)
  const found = merged.slice(place, place + 9).map((unit) => unit.content)
  c.same(found.join(''), order.map((i) => `<${i}>`).join(''), 'tied inserts')
}

/** Two groups, several authors each, at one place: the runs are merged by their keys, as two queues are. */
export const tiedGroups: Law = (algebra, c) => {
  const [left, right] = [0, 1].map((side) => {
    const builder = new algebra.OperationBuilder(0)
    for (let i = 0; i < 3; i++) builder.key(c.random.pick(KEYS)).insert(`<${side}${i}>`)
    return builder.build()
  }) as [Operation, Operation]
  c.note('left', left)
  c.note('right', right)
  const merged = applyNaively(applyNaively([], left), algebra.transform(left, right)[1])
  c.same(merged.map((unit) => unit.content).join(''), mergeQueues(insertedUnits(left), insertedUnits(right)), 'merged groups')
}

/** The empty operation changes nothing and nothing changes it. */
export const transformIdentity: Law = (algebra, c) => {
  const { document, left } = drawRivals(algebra, c)
  const nothing = algebra.identity(document.length)
  const [left2, right2] = algebra.transform(left, nothing)
  const [left3, right3] = algebra.transform(nothing, left)
  c.holds(algebra.equals(left2, left) && algebra.equals(right3, left), 'an operation over identity is itself')
  c.holds(algebra.isEmpty(right2) && algebra.isEmpty(left3), 'identity over an operation is empty')
  c.holds(right2.baseLength === algebra.lengthAfter(left) && left3.baseLength === right2.baseLength, 'base lengths')
}

/** One late operation over many committed ones is the transforms one by one, to the letter (R4). */
export const stepwise: Law = (algebra, c) => {
  const content = randomContent(c.random)
  const document = documentOf(content)
  const draw: Draw = c.random.chance(0.5) ? { plain: true } : {}
  const committed = randomSequence(c.random, document, c.random.int(8), ALL_KEYS, draw)
  const late = c.random.chance(0.5) ? drawGroup(algebra, c, document) : randomOperation(c.random, document, { key: c.random.pick(ALL_KEYS), plain: true })
  committed.forEach((operation, i) => c.note(`committed${i}`, operation))
  c.note('late', late)
  const expected = committed.reduce((right, left) => algebra.transform(left, right)[1], late)
  c.same(JSON.stringify(c.canonical(algebra.transformOver(committed, late), 'the result')), JSON.stringify(expected), 'transformOver')
}

/** Rivals committed in the order given, each transformed over what was committed before it. */
function rebaseInOrder(algebra: Algebra, rivals: readonly Operation[]): Operation[] {
  const committed: Operation[] = []
  for (const rival of rivals) {
    committed.push(committed.reduce((late, early) => algebra.transform(early, late)[1], rival))
  }
  return committed
}

function mergeQueues(left: readonly Unit[], right: readonly Unit[]): string {
  const [l, r] = [[...left], [...right]]
  let merged = ''
  while (l.length > 0 || r.length > 0) {
    const fromLeft = r.length === 0 || (l.length > 0 && compareNames(l[0]!.key, r[0]!.key) <= 0)
    const queue = fromLeft ? l : r
    const { key } = queue[0]!
    while (queue[0]?.key === key) merged += String(queue.shift()!.content)
  }
  return merged
}

function compareNames(a: string, b: string): number {
  const [x, y] = [a.split('.'), b.split('.')]
  return Number(x[0]) - Number(y[0]) || (x[1]! < y[1]! ? -1 : x[1]! > y[1]! ? 1 : 0)
}

/** Contents have the lowest key, so where authors do not use it, it marks what was there before. */
const isOld = (unit: Unit): boolean => unit.key === 'lowest'

const nameOf = (unit: Unit): string => JSON.stringify([unit.content, unit.key])

const byName = (a: Unit, b: Unit): number => (nameOf(a) < nameOf(b) ? -1 : 1)

const names = (units: readonly Unit[]): string => units.map(nameOf).join()

const insertedUnits = (operation: Operation): Unit[] => decodeNaively(operation).flatMap((step) => (step.kind === 'insert' ? step.units : []))

/** Units of the base that none of the operations deletes. */
function survivors(...operations: readonly Operation[]): number[] {
  const gone = new Set<number>()
  for (const operation of operations) {
    eachBaseUnit(operation, (index, step) => void (step.kind === 'delete' && gone.add(index)))
  }
  return Array.from({ length: operations[0]!.baseLength }, (_, i) => i).filter((i) => !gone.has(i))
}

function setsOf(operation: Operation): Record<number, Record<string, unknown>> {
  const sets: Record<number, Record<string, unknown>> = {}
  eachBaseUnit(operation, (index, step) => void (step.kind === 'retain' && (sets[index] = Object.fromEntries(step.attributes))))
  return sets
}

type BaseStep = Exclude<ReturnType<typeof decodeNaively>[number], { kind: 'insert' }>

/** Calls back for each unit of the base that the operation names. */
export function eachBaseUnit(operation: Operation, visit: (index: number, step: BaseStep) => void): void {
  let at = 0
  for (const step of decodeNaively(operation)) {
    if (step.kind === 'insert') continue
    for (let end = at + step.length; at < end; at++) visit(at, step)
  }
}

const sorted = (set: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(set).filter(([, value]) => value !== null).sort(([a], [b]) => (a < b ? -1 : 1)))
