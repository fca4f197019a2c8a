import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readSnippets } from './snippets.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const pages = ['README.md', 'docs/architecture.md', 'docs/spec.md', 'docs/errors.md', 'docs/adr/README.md', 'docs/content-hash.md', 'docs/attributes.md']

test.each(pages)('links of %s lead somewhere', (page) => {
  const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map(([, target = '', anchor]) => ({ target, anchor }))
  const local = links.filter(({ target }) => !/^https?:/.test(target))
  expect(local.filter(({ target }) => !existsSync(join(root, dirname(page), target)))).toEqual([])
  const lost = local.filter(({ target, anchor }) => anchor !== undefined && !anchorsOf(join(root, dirname(page), target)).has(anchor))
  expect(lost).toEqual([])
})

/** Anchors as they are made from headings. */
function anchorsOf(path: string): Set<string> {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)
  return new Set([...headings].map(([, text = '']) => `#${text.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-')}`))
}

test('files that the README names as checkers exist', () => {
  const named = [...readFileSync(`${root}README.md`, 'utf8').matchAll(/`((?:server|sdk|sim|proto)\/[\w./-]+)`/g)].map(([, path = '']) => path)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

test('every target that the README names is in the Makefile', () => {
  const makefile = readFileSync(`${root}Makefile`, 'utf8')
  const targets = readSnippets(readFileSync(`${root}README.md`, 'utf8')).flatMap(({ code }) => [...code.matchAll(/^make (\w[\w-]*)/gm)].map(([, target = '']) => target))
  expect(targets.length).toBeGreaterThan(2)
  expect(targets.filter((target) => !makefile.includes(`\n${target}:`))).toEqual([])
})
