import { isDeepStrictEqual } from 'node:util'
import { compose } from '../src/compose.ts'
import { composeAll } from '../src/compose-all.ts'
import { validate } from '../src/validate.ts'
import { format } from '../src/notation.ts'
import { parse } from '../src/notation-parse.ts'
import type { AttributeValue, Operation } from '../src/operation.ts'
import { OperationBuilder } from '../src/operation-builder.ts'
import { type Bias, transformPosition } from '../src/position.ts'
import { LOWEST_KEY } from '../src/tie-key.ts'
import { transform } from '../src/transform.ts'
import { boundaries, documentOf, KEYS, randomContent, randomOperation, randomSequence } from './generate.ts'
import { applyNaively, decodeNaively, type NaiveDocument, tellUnits, type Unit } from './naive-document.ts'
import { REFUSED } from './refused.ts'
import { Seeded } from './seeded.ts'

/** The vectors are the same at every run: a change of one is a change of the algebra. */
const SEED = 7420
const DRAWN = 60

export interface OperationVectors {
  readonly apply: readonly { name: string; content: Operation; operation: Operation; result: Operation }[]
  readonly compose: readonly { name: string; first: Operation; second: Operation; composed: Operation }[]
  readonly transform: readonly { name: string; left: Operation; right: Operation; left2: Operation; right2: Operation }[]
  readonly invert: readonly { name: string; content: Operation; operation: Operation; inverse: Operation }[]
  readonly position: readonly { name: string; operation: Operation; moves: readonly (readonly [position: number, left: number, right: number])[] }[]
  readonly notation: readonly { name: string; line: string; operation: Operation }[]
  readonly validate: readonly { name: string; operation: Operation; code: string; field: string }[]
}

/** Pairs written by hand: base length, left, right. */
const RIVALS: readonly [name: string, baseLength: number, left: string, right: string][] = [
  ['equal keys: left first', 2, '1 +a', '1 +b'],
  ['the lower user first', 2, '1 @2.0000000000000001 +a', '1 @1.00000000000000ff +b'],
  ['the lower client first, as numbers and as text', 0, '@1.000000000000000a +a', '@1.0000000000000009 +b'],
  ['user 10 after user 9', 0, '@10.0000000000000001 +a', '@9.0000000000000001 +b'],
  ['no key is the lowest', 0, '@1.0000000000000001 +a', '+b'],
  ['groups are merged like queues', 0, '@1.0000000000000001 +a @3.0000000000000001 +c', '@2.0000000000000001 +b @4.0000000000000001 +d'],
  ['an insert inside a deleted range', 6, '-6', '3 +ab'],
  ['an insert at the end of a deleted range', 6, '2 -2', '4 +ab'],
  ['overlapping deletes', 6, '1 -3', '2 -4'],
  ['a delete that brings an insert and a delete together', 3, '1 -1', '-1 1 +b'],
  ['later attributes win', 3, '3{a=1, b=1}', '2{b=2}'],
  ['a removal is a change', 1, '1{a=1}', '1{a=null}'],
  ['a delete takes attributes with it', 3, '-2', '3{a=1}'],
  ['embeds are inserts', 1, '1 +<rule>', '1 +<image "{\\"url\\":\\"a.png\\"}">{alt="x"}'],
]

/** All vectors, drawn and written by hand. */
export function operationVectors(): OperationVectors {
  const random = new Seeded(SEED)
  const drawn = Array.from({ length: DRAWN }, (_, i) => draw(random, `drawn ${i + 1}`))
  const written = RIVALS.map(([name, baseLength, left, right]) => ({ name, left: parse(baseLength, left), right: parse(baseLength, right) }))
  const pairs = [...written, ...drawn].map(({ name, left, right }) => ({ name, left, right, ...transformed(left, right) }))
  return {
    apply: drawn.map(({ name, content, left }) => ({ name, content, operation: left, result: contentOf(applyNaively(documentOf(content), left)) })),
    compose: pairs.map(({ name, left, right2 }) => ({ name, first: left, second: right2, composed: compose(left, right2) })),
    transform: pairs,
    invert: drawn.map(({ name, content, left }) => ({ name, content, operation: left, inverse: inverseOf(documentOf(content), left) })),
    position: drawn.map(({ name, content, left }) => ({ name, operation: left, moves: moves(documentOf(content), left) })),
    notation: pairs.map(({ name, left }) => ({ name, line: format(left), operation: left })),
    validate: REFUSED.filter(([, operation]) => survivesJson(operation)).map(([name, operation]) => ({ name, operation, ...refusal(operation) })),
  }
}

function draw(random: Seeded, name: string): { name: string; content: Operation; left: Operation; right: Operation } {
  const content = randomContent(random)
  const document = documentOf(content)
  const keys = [LOWEST_KEY, ...KEYS]
  const left = random.chance(0.7) ? randomOperation(random, document, { key: random.pick(keys) }) : composeAll(randomSequence(random, document, 2, keys))
  return { name, content, left, right: randomOperation(random, document, { key: random.pick(keys) }) }
}

function transformed(left: Operation, right: Operation): { left2: Operation; right2: Operation } {
  const [left2, right2] = transform(left, right)
  return { left2, right2 }
}

function moves(document: NaiveDocument, operation: Operation): [position: number, left: number, right: number][] {
  const move = (position: number, bias: Bias): number => transformPosition(position, operation, bias)
  return boundaries(document).map((position) => [position, move(position, 'left'), move(position, 'right')])
}

function refusal(operation: Operation): { code: string; field: string } {
  const { code, field } = validate(operation)!
  return { code, field }
}

/** Some refused operations hold what JSON cannot say (NaN, negative zero), and some are too large to keep. */
function survivesJson(operation: Operation): boolean {
  const text = JSON.stringify(operation)
  return text.length < 4_000 && isDeepStrictEqual(JSON.parse(text), operation)
}

/** The content of a naive document. Its keys stay: they are part of a content until it is unstamped. */
function contentOf(document: NaiveDocument): Operation {
  const builder = new OperationBuilder(0)
  tellUnits(builder, document)
  return builder.build()
}

/** Takes back, unit by unit, what the operation does; its inserts have the lowest key (R13). */
function inverseOf(document: NaiveDocument, operation: Operation): Operation {
  const builder = new OperationBuilder(applyNaively(document, operation).length)
  let at = 0
  for (const step of decodeNaively(operation)) {
    if (step.kind === 'insert') {
      builder.delete(step.units.length)
      continue
    }
    const units = document.slice(at, (at += step.length))
    if (step.kind === 'delete') tellUnits(builder, units.map((unit) => ({ ...unit, key: 'lowest' })))
    else for (const unit of units) builder.retain(1, undo(unit, step.attributes))
  }
  return builder.build()
}

/** Only what the operation really changed. */
function undo(unit: Unit, change: readonly (readonly [string, AttributeValue])[]): Record<string, AttributeValue> {
  const back: Record<string, AttributeValue> = {}
  for (const [name, value] of change) {
    const before = (unit.attributes[name] ?? null) as AttributeValue
    if (before !== value) back[name] = before
  }
  return back
}
