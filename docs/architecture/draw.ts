import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readSources } from '../tidy/source-file.ts'
import { importGraph, picture, redraw } from './import-graph.ts'

/** Draws the picture again, where it stands. */
const root = fileURLToPath(new URL('../../', import.meta.url))
const arrows = picture(importGraph(readSources(root)))
for (const page of ['docs/architecture.md', 'README.md']) writeFileSync(root + page, redraw(readFileSync(root + page, 'utf8'), arrows))
