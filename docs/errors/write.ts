import { readFileSync, writeFileSync } from 'node:fs'
import { errorReference, readReasons } from './error-reference.ts'

const root = new URL('../../', import.meta.url)
writeFileSync(new URL('docs/errors.md', root), errorReference(readReasons(readFileSync(new URL('proto/concord/v1/error.proto', root), 'utf8'))))
