import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemRuntime } from '@concord/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NOTES, records } from '../../../contract/harness.ts'
import { DataFolderRefused, openDataFolder, readMigrations } from './data-folder.ts'
import { openSqliteStores } from './open-sqlite-stores.ts'
import { editDatabase, removeFolder, temporaryFolder } from './testing.ts'

describe('data folder', () => {
  let directory: string
  beforeEach(() => {
    directory = temporaryFolder()
  })
  afterEach(() => removeFolder(directory))
  const open = (folder = directory) => openSqliteStores({ directory: folder, runtime: systemRuntime })

  test('a folder that does not exist is made, with its format number', async () => {
    const folder = join(directory, 'deep', 'er')
    await (await open(folder)).close()
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
    expect(JSON.parse(readFileSync(join(folder, 'format.json'), 'utf8'))).toEqual({ format: readMigrations().length, concord: version })
  })

  test('a second server in the same process is told what to do, and the first goes on', async () => {
    const first = await open()
    await expect(open()).rejects.toThrow('another Concord server uses this data folder')
    await expect(open()).rejects.toThrow('CONCORD_DATA')
    await first.opLog.claim(NOTES, 'owner')
    expect(await first.opLog.append(NOTES, 1, 0, records(1, 3, 1))).toBe('committed')
    await first.close()
    await (await open()).close()
  })

  test('a second server in another process is told what to do', async () => {
    const first = await open()
    const program = `import { openDataFolder } from ${JSON.stringify(new URL('./data-folder.ts', import.meta.url).href)}
      try { openDataFolder(process.argv[1]); console.log('opened') } catch (error) { console.log(error.name, error.message) }`
    const run = () => spawnSync(process.execPath, ['--conditions=source', '--input-type=module', '-e', program, directory], { encoding: 'utf8' })
    expect(run().stdout).toMatch(/^DataFolderRefused another Concord server uses this data folder .* CONCORD_DATA\n$/)
    await first.close()
    expect(run().stdout).toBe('opened\n')
  })

  test('a folder of a newer version is refused, with the version to install, and left alone', async () => {
    await (await open()).close()
    const text = JSON.stringify({ format: 99, concord: '7.3.0' })
    writeFileSync(join(directory, 'format.json'), text)
    await expect(open()).rejects.toThrow(/data format 99, this server reads formats up to \d+: install Concord 7\.3\.0 .*or later/)
    expect(readFileSync(join(directory, 'format.json'), 'utf8')).toBe(text)
  })

  test('a newer database is refused even when its format file was lost', async () => {
    await (await open()).close()
    removeFolder(join(directory, 'format.json'))
    editDatabase(directory, (database) => database.exec('PRAGMA user_version = 99'))
    await expect(open()).rejects.toBeInstanceOf(DataFolderRefused)
    editDatabase(directory, (database) => expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 }))
  })

  test('an older folder is migrated forward, and an older server then refuses it', async () => {
    const stores = await open()
    await stores.opLog.claim(NOTES, 'owner')
    await stores.close()
    const migrations = [...readMigrations(), 'CREATE TABLE later (tenant TEXT NOT NULL) STRICT;']
    const { database, format } = openDataFolder(directory, migrations)
    expect(format).toBe(migrations.length)
    expect(database.prepare('SELECT count(*) AS n FROM log_owner').get()).toEqual({ n: 1 })
    expect(database.prepare('SELECT count(*) AS n FROM later').get()).toEqual({ n: 0 })
    database.close()
    expect(() => openDataFolder(directory)).toThrow(/install Concord/)
    openDataFolder(directory, migrations).database.close()
  })

  test('a migration that broke off is taken up again', () => {
    const broken = [...readMigrations(), 'CREATE TABLE later (tenant TEXT NOT NULL) STRICT; SELECT no_such_column;']
    expect(() => openDataFolder(directory, broken)).toThrow()
    const repaired = [...readMigrations(), 'CREATE TABLE later (tenant TEXT NOT NULL) STRICT;']
    const { database } = openDataFolder(directory, repaired)
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: repaired.length })
    database.close()
  })

  test.each([
    ['format.json', 'not json', 'is not a format file'],
    ['format.json', '{"format":"1","concord":"0.1.0"}', 'is not a format file'],
    ['concord.db', 'this is no database, but it is long enough to have a header that could be one'.repeat(40), 'damaged or not a Concord database'],
  ])('%s with strange content is refused: %#', async (name, content, message) => {
    writeFileSync(join(directory, name), content)
    await expect(open()).rejects.toThrow(message)
    expect(readFileSync(join(directory, name), 'utf8')).toBe(content)
  })

  test('a folder that cannot be made is refused', async () => {
    const file = join(directory, 'file')
    writeFileSync(file, '')
    await expect(open(join(file, 'below'))).rejects.toBeInstanceOf(DataFolderRefused)
    mkdirSync(join(directory, 'taken', 'concord.db'), { recursive: true })
    await expect(open(join(directory, 'taken'))).rejects.toThrow('cannot be opened')
  })
})
