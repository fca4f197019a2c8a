import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DEFAULT_CALIBRATION } from '../costs.ts'
import { referenceTables, withReference } from './reference.ts'

const PAGE = new URL('../../../../docs/capacity.md', import.meta.url)

test('docs/capacity.md holds what the planner says (CONCORD_TEST_WRITE=1 writes it anew)', () => {
  const [before, tables] = [readFileSync(PAGE, 'utf8'), referenceTables(DEFAULT_CALIBRATION)]
  for (const name of tables.keys()) expect(before, `no place for ${name}`).toContain(`<!-- generated: ${name} -->`)
  const after = withReference(before, tables)
  if (process.env['CONCORD_TEST_WRITE'] === '1') writeFileSync(PAGE, after)
  else expect(before).toBe(after)
})
