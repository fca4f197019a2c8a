import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { limitsReference } from './limits-reference.ts'

test('docs/limits.md is current: `make generate` writes it', () => {
  expect(readFileSync(new URL('../limits.md', import.meta.url), 'utf8')).toBe(limitsReference())
})
