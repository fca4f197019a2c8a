import { writeFileSync } from 'node:fs'
import { limitsReference } from './limits-reference.ts'

writeFileSync(new URL('../limits.md', import.meta.url), limitsReference())
