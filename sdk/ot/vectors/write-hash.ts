/** Writes hash.json again after a deliberate change of the vectors: `node --conditions=source sdk/ot/vectors/write-hash.ts`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashVectors } from '../testing/hash-vectors.ts'

writeFileSync(join(import.meta.dirname, 'hash.json'), `${JSON.stringify(hashVectors(), null, 2)}\n`)
