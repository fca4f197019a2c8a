import { compose } from './compose.ts'
import { type DeltaAttributes, fromDelta, toDelta } from './delta.ts'
import { diff } from './diff.ts'
import { lengthAfter } from './measure.ts'
import type { AttributeValue, Embed, Operation } from './operation.ts'
import { OperationBuilder } from './operation-builder.ts'
import { type Bias, transformPosition } from './position.ts'
import { slice } from './slice.ts'
import { transform } from './transform.ts'

/** One run of a snapshot. */
export interface OtRun {
  readonly insert: string | Embed
  readonly attributes?: DeltaAttributes
}

/** A document: its runs, neighbours differing. Plain JSON. */
export type OtSnapshot = readonly OtRun[]

/**
 * One step of an operation, plain JSON. `was` is what an invertible operation knows besides: the content that a delete
 * removes, the values that a retain changes.
 */
export type OtComponent =
  | { readonly retain: number; readonly attributes?: DeltaAttributes; readonly was?: DeltaAttributes }
  | OtRun
  | { readonly delete: number; readonly was?: OtSnapshot }

export type OtOperation = readonly OtComponent[]

/**
 * The algebra as a type of ottypes (https://github.com/ottypes/docs), for ShareDB and its like. Their operations name no
 * base length: what an operation does not reach, it retains. Tie keys do not exist there either; 'left' inserts first.
 */
export const type = {
  name: 'concord-text',
  uri: 'urn:concord:text:1',
  create,
  apply: applySnapshot,
  compose: composeOperations,
  transform: transformOperation,
  transformPosition: (position: number, op: OtOperation, side: Bias): number => transformPosition(position, toOperation(op), side),
  normalize: (op: OtOperation): OtOperation => toDelta(toOperation(op)),
  diff: (before: OtSnapshot, after: OtSnapshot): OtOperation => toDelta(diff(toContent(before), toContent(after))),
  makeInvertible,
  invert,
}

function create(initial: string | OtSnapshot = []): OtSnapshot {
  return fromContent(toContent(typeof initial === 'string' ? [{ insert: initial }] : initial))
}

function applySnapshot(snapshot: OtSnapshot, op: OtOperation): OtSnapshot {
  const content = toContent(snapshot)
  return fromContent(compose(content, toOperation(op, lengthAfter(content))))
}

/** Invertible when both operations are. */
function composeOperations(first: OtOperation, second: OtOperation): OtOperation {
  const reach = reachOf(first) + Math.max(0, reachOf(second) - lengthAfter(toOperation(first)))
  const a = toOperation(first, reach)
  const composed = toDelta(compose(a, toOperation(second, lengthAfter(a))))
  if (!isInvertible(first) || !isInvertible(second)) return composed
  return makeInvertible(composed, fromContent(compose(knownContent(second, lengthAfter(a)), toOperation(invert(first), lengthAfter(a)))))
}

/** The operation after `other`; invertible when it was. */
function transformOperation(op: OtOperation, other: OtOperation, side: Bias): OtOperation {
  const reach = Math.max(reachOf(op), reachOf(other))
  const [mine, theirs] = [toOperation(op, reach), toOperation(other, reach)]
  const moved = toDelta(side === 'left' ? transform(mine, theirs)[0] : transform(theirs, mine)[1])
  return isInvertible(op) ? makeInvertible(moved, fromContent(compose(knownContent(op, reach), theirs))) : moved
}

/** The operation with what it needs to be undone on `snapshot`, the document it applies to. */
function makeInvertible(op: OtOperation, snapshot: OtSnapshot): OtOperation {
  const content = toContent(snapshot)
  const known: OtComponent[] = []
  let at = 0
  for (const component of op) {
    if ('insert' in component) known.push(component)
    else if ('delete' in component) known.push({ delete: component.delete, was: fromContent(slice(content, at, (at += component.delete))) })
    else if (component.attributes === undefined) {
      known.push(component)
      at += component.retain
    } else known.push(...retainRuns(fromContent(slice(content, at, (at += component.retain))), component.attributes))
  }
  return known
}

function retainRuns(runs: OtSnapshot, attributes: DeltaAttributes): OtComponent[] {
  return runs.map((run) => {
    const was = Object.keys(attributes).map((name): [string, AttributeValue] => [name, run.attributes?.[name] ?? null])
    return { retain: lengthOf(run), attributes, was: Object.fromEntries(was) }
  })
}

/** The operation that undoes an invertible one, itself invertible. Throws RangeError for one that `makeInvertible` did not make. */
function invert(op: OtOperation): OtOperation {
  if (!isInvertible(op)) throw new RangeError('only an operation from makeInvertible(op, snapshot) can be inverted')
  return op.flatMap((component): OtComponent[] => {
    if ('insert' in component) return [{ delete: lengthOf(component), was: [component] }]
    if ('delete' in component) return [...component.was!]
    const { retain, attributes, was } = component
    return attributes === undefined ? [component] : [{ retain, attributes: was!, was: attributes }]
  })
}

function isInvertible(op: OtOperation): boolean {
  return op.every((component) => 'insert' in component || component.was !== undefined || !('delete' in component || component.attributes !== undefined))
}

/** As much of the base as an invertible operation knows: what it deletes, what it changes; the rest is filler. */
function knownContent(op: OtOperation, length: number): Operation {
  const builder = new OperationBuilder(0)
  let at = 0
  for (const component of op) {
    if ('insert' in component) continue
    if ('delete' in component) addRuns(builder, component.was!)
    else builder.insert('\0'.repeat(component.retain), component.was)
    at += 'delete' in component ? component.delete : component.retain
  }
  return builder.insert('\0'.repeat(length - at)).build()
}

function addRuns(builder: OperationBuilder, runs: OtSnapshot): void {
  for (const { insert, attributes } of runs) {
    if (typeof insert === 'string') builder.insert(insert, attributes)
    else builder.insertEmbed(insert, attributes)
  }
}

/** Units of the base that an operation names. */
function reachOf(op: OtOperation): number {
  return op.reduce((sum, component) => sum + ('insert' in component ? 0 : 'delete' in component ? component.delete : component.retain), 0)
}

function toOperation(op: OtOperation, baseLength = reachOf(op)): Operation {
  return fromDelta(baseLength, op)
}

function toContent(snapshot: OtSnapshot): Operation {
  return fromDelta(0, snapshot)
}

function fromContent(content: Operation): OtSnapshot {
  return toDelta(content) as OtSnapshot
}

function lengthOf(run: OtRun): number {
  return typeof run.insert === 'string' ? run.insert.length : 1
}

const CHARACTERS = ['a', 'b', 'c', ' ', '\n', 'é', '漢', '😀', '😁']
const SETS: readonly DeltaAttributes[] = [{}, {}, { bold: true }, { color: 'red' }, { bold: true, color: 'blue' }]
const CHANGES: readonly DeltaAttributes[] = [{}, {}, {}, { bold: true }, { bold: null }, { color: 'red', bold: false }, { color: null }]

/**
 * An operation on `snapshot` and the document after it, as ot-fuzzer wants them; `random` is uniform in [0, 1).
 * Cuts no surrogate pair, and deletes more the longer the document is.
 */
export function randomOp(snapshot: OtSnapshot, random: () => number): [op: OtOperation, after: OtSnapshot] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const widths = snapshot.flatMap(({ insert }) => (typeof insert === 'string' ? Array.from(insert, (character) => character.length) : [1]))
  const builder = new OperationBuilder(widths.reduce((sum, width) => sum + width, 0))
  for (const width of widths) {
    if (random() < 0.08) builder.insert(pick(CHARACTERS) + pick(CHARACTERS), pick(SETS))
    if (random() < 0.02) builder.insertEmbed({ type: 'image', data: pick(['"a"', '"b"']) }, pick(SETS))
    if (random() < 0.1 + widths.length / 200) builder.delete(width)
    else builder.retain(width, pick(CHANGES))
  }
  if (random() < 0.5) builder.insert(pick(CHARACTERS), pick(SETS))
  const op = toDelta(builder.build())
  return [op, applySnapshot(snapshot, op)]
}
