import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('./', import.meta.url)
const pages = readdirSync(folder).filter((name) => /^\d{3}-.*\.md$/.test(name))
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')

test('every decision has context, decision and consequences, on one page', () => {
  const bad = pages.filter((name) => !/^# \d{3} [\s\S]*\*\*Context\.\*\*[\s\S]*\*\*Decision\.\*\*[\s\S]*\*\*Consequences\.\*\*/.test(read(name)) || read(name).split('\n').length > 60)
  expect(bad).toEqual([])
})

test('decisions are numbered without gaps and listed', () => {
  expect(pages.map((name) => Number(name.slice(0, 3)))).toEqual(pages.map((_, index) => index + 1))
  expect(pages.filter((name) => !read('README.md').includes(`](${name})`))).toEqual([])
})
