import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SERVER = fileURLToPath(new URL('../../../../', import.meta.url))
/** What the storage thread is made of, from the server's folder. */
const PARTS = ['package.json', 'schema', 'src/ports', 'src/adapters']

/** The writer of the sources as they are. */
export const WRITER = fileURLToPath(new URL('./acknowledging-writer.ts', import.meta.url))

/** A copy of the sources with one setting changed in `pragmas.ts`. */
export function mutant(from: string, to: string): { folder: string; writer: string } {
  const folder = mkdtempSync(join(tmpdir(), 'concord-mutant-'))
  for (const part of PARTS) cpSync(join(SERVER, part), join(folder, part), { recursive: true })
  const file = join(folder, 'src/adapters/sqlite/pragmas.ts')
  const source = readFileSync(file, 'utf8')
  if (!source.includes(from)) throw new Error(`pragmas.ts has no ${from} to change`)
  writeFileSync(file, source.replace(from, to))
  return { folder, writer: join(folder, 'src/adapters/sqlite/durability/acknowledging-writer.ts') }
}
