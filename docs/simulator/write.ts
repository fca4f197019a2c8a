import { writeFileSync } from 'node:fs'
import { scenarioReference } from './scenario-reference.ts'

writeFileSync(new URL('./scenario-reference.md', import.meta.url), scenarioReference())
