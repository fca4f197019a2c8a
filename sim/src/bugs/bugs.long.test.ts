import { expect, test } from 'vitest'
import { BUGS } from './bugs.ts'
import { noticeBug } from './testing/notice-bug.ts'

/** Prints the table: name, seeds needed, who noticed. */
test.each([...BUGS.keys()])('%s is caught within 1,000 seeds', async (name) => {
  const caught = await noticeBug(name, 1, 1_000)
  process.stdout.write(`${name}: ${caught === undefined ? 'not caught' : `seed ${caught.seed}, ${caught.checker}: ${caught.message.split('\n', 1)[0] ?? ''}`}\n`)
  expect(caught).toBeDefined()
})
