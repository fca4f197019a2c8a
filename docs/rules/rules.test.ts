import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse, readSources } from '../tidy/source-file.ts'
import { readProofs, readRules, rulesIn } from './rules.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const rules = readRules(readFileSync(`${root}docs/spec.md`, 'utf8'))

test('rules are numbered without gaps', () => {
  for (const letter of ['R', 'P']) {
    const ids = rules.map(({ id }) => id).filter((id) => id.startsWith(letter))
    expect(ids).toEqual(ids.map((_, index) => `${letter}${index + 1}`))
  }
  expect(rules.filter(({ id }) => id.startsWith('R'))).toHaveLength(19)
})

test('every rule that is built has a test that begins with its number', () => {
  const proofs = readProofs(readSources(root))
  expect(rules.filter(({ id, built }) => built && !proofs.has(id)).map(({ id, title }) => `${id} ${title}`)).toEqual([])
})

test('tests name only rules that exist', () => {
  const known = new Set(rules.map(({ id }) => id))
  expect([...readProofs(readSources(root))].filter(([id]) => !known.has(id))).toEqual([])
})

test('a rule is found at the beginning of a name only', () => {
  expect(rulesIn('R7 dedupe: a resend')).toEqual(['R7'])
  expect(rulesIn('R2, R3 and R8 together')).toEqual(['R2', 'R3', 'R8'])
  expect(rulesIn('a resend (R7)')).toEqual([])
  const source = "test.each([1])('R1 slot', f); describe(`R2 ${x}`, () => it('P1: kept', f)); other('R9 no', f)"
  expect([...readProofs([parse('sim/x.test.ts', source)]).keys()]).toEqual(['R1', 'R2', 'P1'])
})
