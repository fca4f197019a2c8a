import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { CommandError, EXIT } from '../../command/exit.ts'

/** Writes a file and the folders above it. */
export function writeOut(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (error) {
    throw new CommandError(EXIT.usage, `${path} cannot be written: ${(error as Error).message}`)
  }
}
