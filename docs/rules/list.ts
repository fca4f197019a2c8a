import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readSources } from '../tidy/source-file.ts'
import { readProofs, readRules } from './rules.ts'

/** Prints every rule with the number of tests that name it; rules without one come last. */
const root = fileURLToPath(new URL('../../', import.meta.url))
const proofs = readProofs(readSources(root))
const rows = readRules(readFileSync(`${root}docs/spec.md`, 'utf8')).map((rule) => ({ ...rule, tests: proofs.get(rule.id)?.length ?? 0 }))
for (const { id, title, tests } of rows.filter(({ tests }) => tests > 0)) console.log(`${id.padEnd(4)}${title.padEnd(32)}${tests}`)
for (const { id, title, built } of rows.filter(({ tests }) => tests === 0)) console.log(`${id.padEnd(4)}${title.padEnd(32)}no test${built ? '' : ' (not built yet)'}`)
