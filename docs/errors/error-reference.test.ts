import { readFileSync } from 'node:fs'
import { REASONS } from '@concord/protocol'
import { expect, test } from 'vitest'
import { errorReference, readReasons } from './error-reference.ts'

const root = new URL('../../', import.meta.url)
const proto = readFileSync(new URL('proto/concord/v1/error.proto', root), 'utf8')

test('the contract and the table of reasons name the same reasons with the same codes', () => {
  const contract = Object.fromEntries(readReasons(proto).map(({ reason, code }) => [reason, code]))
  const table = Object.fromEntries(Object.entries(REASONS).map(([reason, { code }]) => [reason, code]))
  expect(contract).toEqual(table)
})

test('every reason says when it happens', () => {
  expect(readReasons(proto).filter(({ text }) => text.length < 10)).toEqual([])
})

test('docs/errors.md is current: `make generate` writes it', () => {
  expect(readFileSync(new URL('docs/errors.md', root), 'utf8')).toBe(errorReference(readReasons(proto)))
})

test('a reason with another code or without a comment is noticed', () => {
  expect(readReasons('  // ABORTED. Gone\n  // away.\n  REASON_GONE = 7;\n')).toEqual([{ reason: 'GONE', number: 7, code: 'ABORTED', text: 'Gone away.' }])
  expect(readReasons('  // Just words.\n  REASON_GONE = 7;\n')).toEqual([{ reason: 'GONE', number: 7, code: '', text: '' }])
})
