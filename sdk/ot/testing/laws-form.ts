import type { Operation } from '../src/operation.ts'
import { LOWEST_KEY } from '../src/tie-key.ts'
import { boundaries, documentOf, KEYS, randomContent, randomOperation } from './generate.ts'
import type { Algebra, Case, Law } from './law.ts'
import { drawGroup } from './laws-transform.ts'
import { applyNaively, decodeNaively, describe, type NaiveDocument, tellUnits } from './naive-document.ts'

function draw(algebra: Algebra, c: Case): { document: NaiveDocument; operation: Operation } {
  const content = randomContent(c.random)
  const document = documentOf(content)
  const operation = drawGroup(algebra, c, document)
  c.note('content', content)
  c.note('operation', operation)
  return { document, operation }
}

/** The builder makes one operation of one effect, however it is told: in pieces, with empty steps, inserts after deletes. */
export const oneForm: Law = (algebra, c) => {
  const { operation } = draw(algebra, c)
  const builder = new algebra.OperationBuilder(operation.baseLength)
  for (const group of gaps(operation)) {
    if (c.random.chance(0.5)) group.reverse()
    for (const step of group) retell(c, builder, step)
  }
  if (c.random.chance(0.3)) builder.retain(0).insert('').delete(0)
  c.same(JSON.stringify(c.canonical(builder.build(), 'what the builder makes')), JSON.stringify(operation), 'the same operation, told otherwise')
}

type Step = ReturnType<typeof decodeNaively>[number]

/** Steps, with the inserts of a place and the delete there as one group each (all inserts as one entry would not show keys). */
function gaps(operation: Operation): Step[][] {
  const groups: Step[][] = []
  for (const step of decodeNaively(operation)) {
    const last = groups.at(-1)
    if (step.kind === 'delete' && last?.length === 1 && last[0]!.kind === 'insert') last.push(step)
    else groups.push([step])
  }
  return groups
}

function retell(c: Case, builder: InstanceType<Algebra['OperationBuilder']>, step: Step): void {
  if (step.kind === 'insert') return tellUnits(builder, step.units)
  const cut = c.random.int(step.length + 1)
  for (const length of [cut, step.length - cut]) {
    if (step.kind === 'delete') builder.delete(length)
    else builder.retain(length, step.attributes)
  }
}

/** The notation loses nothing. */
export const notationRoundTrip: Law = (algebra, c) => {
  const { operation } = draw(algebra, c)
  const line = algebra.format(operation)
  c.holds(!/[\n\r\u2028]/.test(line), 'the notation is one line')
  c.same(JSON.stringify(algebra.parse(operation.baseLength, line)), JSON.stringify(operation), line)
}

/** The readable form loses the keys and nothing else. */
export const deltaRoundTrip: Law = (algebra, c) => {
  const { operation } = draw(algebra, c)
  const plain = c.canonical(algebra.unstamp(operation), 'without keys')
  c.same(JSON.stringify(algebra.fromDelta(operation.baseLength, algebra.toDelta(operation))), JSON.stringify(plain), 'delta')
}

/** A stamp changes the keys and nothing else. */
export const stampSetsKeys: Law = (algebra, c) => {
  const { document, operation } = draw(algebra, c)
  const key = c.random.pick([LOWEST_KEY, ...KEYS])
  const stamped = c.canonical(algebra.stamp(operation, key), 'the stamped operation')
  const name = key === LOWEST_KEY ? 'lowest' : `${key.user}.${key.client}`
  for (const step of decodeNaively(stamped)) {
    if (step.kind === 'insert') c.holds(step.units.every((unit) => unit.key === name), 'every insert has the key')
  }
  const [was, is] = [operation, stamped].map((each) => describe(applyNaively(document, each), 'without keys'))
  c.same(is!, was!, 'the effect')
}

/** Lengths are what the document says. */
export const lengths: Law = (algebra, c) => {
  const { document, operation } = draw(algebra, c)
  const units = decodeNaively(operation).reduce((sum, step) => sum + (step.kind === 'insert' ? step.units.length : 0), 0)
  c.holds(algebra.lengthAfter(operation) === applyNaively(document, operation).length, 'lengthAfter')
  c.holds(algebra.insertedLength(operation) === units, 'insertedLength')
  c.holds(algebra.isEmpty(operation) === (decodeNaively(operation).length === 0), 'isEmpty')
}

/** Parts within the limit, in order, make the whole (R18). */
export const splitComposes: Law = (algebra, c) => {
  const { operation } = draw(algebra, c)
  const limit = { components: 4 + c.random.int(5), insertedUnits: 2 + c.random.int(4), encodedBytes: c.random.chance(0.3) ? 20 + c.random.int(80) : 1_000 }
  const parts: Operation[] = []
  for (let rest: Operation | undefined = operation; rest !== undefined; ) {
    const [head, next]: [Operation, Operation | undefined] = algebra.split(rest, limit)
    c.holds(head.components.length <= limit.components && algebra.insertedLength(head) <= limit.insertedUnits, 'a part is within the limit')
    const bytes = Buffer.byteLength(head.text) + Buffer.byteLength(JSON.stringify(head.embeds)) - 2 + head.components.length
    const changes = decodeNaively(head).filter((step) => step.kind !== 'retain' || step.attributes.length > 0)
    c.holds(changes.length <= 1 || bytes <= limit.encodedBytes, 'a part is within its bytes')
    c.holds(next === undefined || (!algebra.isEmpty(head) && !algebra.isEmpty(next)), 'no part is empty')
    parts.push(c.canonical(head, 'a part'))
    rest = next
  }
  c.same(JSON.stringify(algebra.composeAll(parts)), JSON.stringify(operation), 'the parts composed')
}

/** Slices of a content, put together again, are the content; each is what its range says. */
export const slicesConcatenate: Law = (algebra, c) => {
  const content = algebra.stamp(randomContent(c.random), c.random.pick([LOWEST_KEY, ...KEYS]))
  const document = documentOf(content)
  c.note('content', content)
  const [from, to] = [c.random.pick(boundaries(document)), c.random.pick(boundaries(document))].sort((a, b) => a - b) as [number, number]
  const parts = [algebra.slice(content, 0, from), algebra.slice(content, from, to), algebra.slice(content, to, document.length)]
  for (const part of parts) c.canonical(part, 'a slice')
  c.same(describe(documentOf(parts[1]!)), describe(document.slice(from, to)), `slice ${from} to ${to}`)
  c.same(JSON.stringify(algebra.concatenate(...parts)), JSON.stringify(content), 'the slices together')
}

/** The diff leads from one content to the other, whether they are related or not. */
export const diffLeads: Law = (algebra, c) => {
  const size = c.random.pick([14, 14, 14, 100])
  const before = randomContent(c.random, size)
  const related = algebra.unstamp(algebra.applyToContent(before, randomOperation(c.random, documentOf(before))))
  const wanted = c.random.chance(0.7) ? related : randomContent(c.random, size)
  c.note('before', before)
  c.note('after', wanted)
  const difference = c.canonical(algebra.diff(before, wanted), 'the diff')
  c.same(JSON.stringify(algebra.compose(before, difference)), JSON.stringify(wanted), 'before, then the diff')
  c.same(describe(applyNaively(documentOf(before), difference)), describe(documentOf(wanted)), 'the document')
  if (algebra.equals(before, wanted)) c.holds(algebra.isEmpty(difference), 'equal contents have no difference')
}

/** Whatever `validate` lets pass is what the builder would have made; broken numbers, tables and text are refused. */
export const validateIsStrict: Law = (algebra, c) => {
  const { operation } = draw(algebra, c)
  const broken = corrupt(c, operation)
  if (algebra.validate(broken, algebra.NO_LIMITS) !== undefined) return
  c.same(JSON.stringify(algebra.parse(broken.baseLength, algebra.format(broken))), JSON.stringify(broken), 'what validate lets pass')
}

/** Canonical operations pass. */
export const validateAccepts: Law = (algebra, c) => {
  const problem = algebra.validate(draw(algebra, c).operation)
  c.holds(problem === undefined, `refused: ${JSON.stringify(problem)}`)
}

function corrupt(c: Case, operation: Operation): Operation {
  const components = [...operation.components]
  const at = c.random.int(components.length + 1)
  const value = c.random.pick([...components, 3, 7, 11, 15, 19, 23, 27, 4, 5, 6, 8, 9, 10, 0, 1, 2, 4_294_967_295])
  switch (c.random.int(6)) {
    case 0:
      return { ...operation, components: components.toSpliced(at, 0, value) }
    case 1:
      return { ...operation, components: components.toSpliced(at, 1) }
    case 2:
      return { ...operation, components: components.toSpliced(at, 1, value) }
    case 3:
      return { ...operation, text: operation.text.slice(c.random.int(2), operation.text.length - c.random.int(2)) }
    case 4:
      return { ...operation, attributes: c.random.chance(0.5) ? operation.attributes.slice(1) : [...operation.attributes].reverse() }
    default:
      return { ...operation, keys: c.random.chance(0.5) ? operation.keys.slice(1) : [...operation.keys].reverse(), baseLength: operation.baseLength - c.random.int(2) }
  }
}
