import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { removeFolder, temporaryFolder } from '../testing.ts'
import { WRITER, mutant } from './mutant.ts'

/**
 * What durability needs, written a second time on purpose: `pragmas.ts` says how it is set, this says what it must be.
 * See https://sqlite.org/pragma.html#pragma_synchronous: 2 is FULL, the only level that syncs each commit in WAL mode.
 */
const NEEDED = { locking_mode: 'exclusive', journal_mode: 'wal', synchronous: 2, fullfsync: 1, cell_size_check: 1 }

/** What the writing connection says of itself after real work, or what it complained about instead. */
function pragmasOf(writer: string): unknown {
  const directory = temporaryFolder()
  const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=source', writer, directory, '5'], { encoding: 'utf8' })
  removeFolder(directory)
  const line = stdout.split('\n').find((text) => text.startsWith('pragmas '))
  return line === undefined ? stderr : JSON.parse(line.slice('pragmas '.length))
}

test('the connection that writes runs with what durability needs', () => {
  expect(pragmasOf(WRITER)).toMatchObject(NEEDED)
})

test.each([
  ['synchronous = OFF', "set: 'FULL', reads: 2", "set: 'OFF', reads: 0"],
  ['synchronous = NORMAL', "set: 'FULL', reads: 2", "set: 'NORMAL', reads: 1"],
  ['journal_mode = MEMORY', "set: 'WAL', reads: 'wal'", "set: 'MEMORY', reads: 'memory'"],
  ['locking_mode = NORMAL', "set: 'EXCLUSIVE', reads: 'exclusive'", "set: 'NORMAL', reads: 'normal'"],
])('the mutant %s is caught', (_, from, to) => {
  const { folder, writer } = mutant(from, to)
  const found = pragmasOf(writer)
  removeFolder(folder)
  expect(found).toBeTypeOf('object')
  expect(found).not.toMatchObject(NEEDED)
})

test('a setting that did not take stops the start', () => {
  const { folder, writer } = mutant("set: 'FULL', reads: 2", "set: 'NORMAL', reads: 2")
  const found = pragmasOf(writer)
  removeFolder(folder)
  expect(found).toContain('SQLite runs with synchronous = 1 where 2 is needed')
})
