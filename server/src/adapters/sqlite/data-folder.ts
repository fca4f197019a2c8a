import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setPragmas } from './pragmas.ts'
import { isLocked, isNotDatabase, messageOf } from './sqlite-error.ts'

/** The data folder cannot be used. The message tells the operator what to do. */
export class DataFolderRefused extends Error {
  override readonly name = 'DataFolderRefused'
}

export interface DataFolder {
  readonly database: DatabaseSync
  readonly format: number
}

/**
 * The format number of a data folder is that of its newest migration. It stands twice: in `format.json`, for people and
 * for older servers, and in the database's `user_version`, changed in the transaction of each migration.
 */
interface FormatFile {
  readonly format: number
  /** Version of Concord that wrote it, the one to install when this one is too old. */
  readonly concord: string
}

const SCHEMA = new URL('../../../schema/sqlite/', import.meta.url)
const PACKAGE = new URL('../../../package.json', import.meta.url)

/**
 * Opens the folder for this process alone, made when missing, migrated forward when older.
 *
 * @throws {DataFolderRefused}
 */
export function openDataFolder(directory: string, migrations: readonly string[] = readMigrations()): DataFolder {
  const newest = migrations.length
  makeFolder(directory)
  refuseNewer(directory, readFormatFile(directory), newest)
  const database = openAlone(directory)
  try {
    const format = formatOf(database)
    refuseNewer(directory, { format, concord: 'a newer version' }, newest)
    // Before the first migration: from here on an older server must keep its hands off.
    if (readFormatFile(directory)?.format !== newest) writeFormatFile(directory, newest)
    for (const [index, sql] of migrations.entries()) if (index >= format) migrate(database, index + 1, sql)
    return { database, format: newest }
  } catch (error) {
    database.close()
    throw error
  }
}

function makeFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true })
  } catch (error) {
    throw new DataFolderRefused(`the data folder ${directory} cannot be made: ${messageOf(error)}; choose another with CONCORD_DATA`)
  }
}

function openAlone(directory: string): DatabaseSync {
  const file = join(directory, 'concord.db')
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: 0 })
    setPragmas(database)
    formatOf(database)
    return database
  } catch (error) {
    database?.close()
    if (isLocked(error)) {
      throw new DataFolderRefused(`another Concord server uses this data folder (${directory}); stop it or choose another with CONCORD_DATA`)
    }
    if (isNotDatabase(error)) {
      throw new DataFolderRefused(`${file} is damaged or not a Concord database (${messageOf(error)}); restore a backup, or choose another folder with CONCORD_DATA`)
    }
    throw new DataFolderRefused(`${file} cannot be opened: ${messageOf(error)}`)
  }
}

function formatOf(database: DatabaseSync): number {
  return database.prepare('PRAGMA user_version').get()!['user_version'] as number
}

function migrate(database: DatabaseSync, format: number, sql: string): void {
  database.exec('BEGIN IMMEDIATE')
  database.exec(sql)
  database.exec(`PRAGMA user_version = ${format}`)
  database.exec('COMMIT')
}

/** `NNN-name.sql`, numbered from 1 without gaps: number n leads from format n - 1 to n. */
export function readMigrations(): string[] {
  const names = readdirSync(SCHEMA).filter((name) => name.endsWith('.sql')).sort()
  for (const [index, name] of names.entries()) {
    if (Number(name.slice(0, 3)) !== index + 1) throw new Error(`Migration ${name} should have number ${index + 1}`)
  }
  return names.map((name) => readFileSync(new URL(name, SCHEMA), 'utf8'))
}

function refuseNewer(directory: string, found: FormatFile | undefined, newest: number): void {
  if (found === undefined || found.format <= newest) return
  throw new DataFolderRefused(
    `${directory} has data format ${found.format}, this server reads formats up to ${newest}: install Concord ${found.concord} (it wrote this folder) or later, or choose another folder with CONCORD_DATA`,
  )
}

function readFormatFile(directory: string): FormatFile | undefined {
  let text: string
  try {
    text = readFileSync(join(directory, 'format.json'), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new DataFolderRefused(`${join(directory, 'format.json')} cannot be read: ${messageOf(error)}`)
  }
  const found = parseFormatFile(text)
  if (found === undefined) throw new DataFolderRefused(`${join(directory, 'format.json')} is not a format file: restore it, or choose another folder with CONCORD_DATA`)
  return found
}

function parseFormatFile(text: string): FormatFile | undefined {
  try {
    const { format, concord } = JSON.parse(text) as Partial<FormatFile>
    return Number.isSafeInteger(format) && typeof concord === 'string' ? { format: format!, concord } : undefined
  } catch {
    return undefined
  }
}

/** Written aside, synced, renamed, and the folder synced: after a crash there is the old file or the new one. */
function writeFormatFile(directory: string, format: number): void {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string }
  const content: FormatFile = { format, concord: version }
  const aside = join(directory, 'format.json.new')
  const file = openSync(aside, 'w')
  writeSync(file, `${JSON.stringify(content)}\n`)
  fsyncSync(file)
  closeSync(file)
  renameSync(aside, join(directory, 'format.json'))
  if (process.platform === 'win32') return
  const folder = openSync(directory, 'r')
  fsyncSync(folder)
  closeSync(folder)
}
