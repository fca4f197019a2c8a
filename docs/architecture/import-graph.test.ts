import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { PARTS } from '../tidy/imports.ts'
import { ROOMS } from '../tidy/simulator-rooms.ts'
import { parse, readSources } from '../tidy/source-file.ts'
import { drawnArrows, findCycle, importGraph, picture, redraw } from './import-graph.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const graph = importGraph(readSources(root))

test('imports run one way: no part reaches itself', () => {
  expect(findCycle(graph)).toEqual([])
})

test.each(['docs/architecture.md', 'README.md'])('the picture in %s is the import graph: `make generate` draws it', (page) => {
  expect(drawnArrows(readFileSync(root + page, 'utf8'))).toEqual(picture(graph))
})

test('every part stands in the table of the architecture', () => {
  const page = readFileSync(`${root}docs/architecture.md`, 'utf8')
  expect(PARTS.filter(({ name }) => !page.includes(`| ${name} | \``))).toEqual([])
})

test('the rooms of the simulator import one way, and stand in the architecture with what they import', () => {
  expect(findCycle(new Map(ROOMS.map(({ name, may }) => [name, new Set(may)])))).toEqual([])
  const page = readFileSync(`${root}docs/architecture.md`, 'utf8')
  expect(ROOMS.filter(({ name, place, may }) => !page.includes(`| ${name} | \`${place}\` | ${may.join(', ')} | `))).toEqual([])
})

test('an arrow that follows from others is left out, a cycle is found, a page is drawn again', () => {
  const small = importGraph([
    parse('server/src/core/x.ts', `import '../ports/x.ts'; import '@concord/ot'`),
    parse('server/src/ports/x.ts', `import '@concord/ot'`),
  ])
  expect(picture(small)).toEqual(['  core --> ports', '  ports --> ot'])
  expect(findCycle(small)).toEqual([])
  expect(findCycle(new Map([['a', new Set(['b'])], ['b', new Set(['a'])]]))).toEqual(['a', 'b', 'a'])
  const page = '```mermaid\ngraph TD\n  old --> arrow\n```\n'
  expect(drawnArrows(redraw(page, ['  a --> b']))).toEqual(['  a --> b'])
})
