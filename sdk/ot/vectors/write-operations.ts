/** Writes the vectors of operations again after a deliberate change: `node --conditions=source sdk/ot/vectors/write-operations.ts`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { operationVectors } from '../testing/operation-vectors.ts'

for (const [name, vectors] of Object.entries<readonly unknown[]>({ ...operationVectors() })) {
  const lines = vectors.map((vector) => JSON.stringify(vector))
  writeFileSync(join(import.meta.dirname, `${name}.json`), `[\n${lines.join(',\n')}\n]\n`)
}
