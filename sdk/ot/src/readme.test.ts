import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as ot from './index.ts'

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')

test('the example of the README prints what it says', () => {
  const example = /```ts\nimport (\{.*\}) from '@concord\/ot'\n([^]*?)```/.exec(readme)!
  const printed: string[] = []
  const print = { log: (...words: unknown[]): void => void printed.push(words.join(' ')) }
  new Function('ot', 'console', stripTypeScriptTypes(`const ${example[1]} = ot\n${example[2]}`))(ot, print)
  expect(printed).toEqual([...example[2]!.matchAll(/^console\.log\(.*\) \/\/ (.*)$/gm)].map((line) => line[1]))
  expect(printed).toHaveLength(2)
})
