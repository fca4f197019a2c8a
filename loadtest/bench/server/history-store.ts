import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Change, encodeChange } from '@concord/protocol'
import { systemRuntime } from '@concord/runtime'
import { openSqliteStores } from '@concord/server/adapters/sqlite/open-sqlite-stores'
import { patchOperation, readTrace } from '../ot/trace.ts'
import { call, developmentToken } from './dev-account.ts'
import { readDocument } from './read-document.ts'
import { startConcord } from './server-process.ts'

/** Kept between rounds and runs: making it takes longer than measuring. */
const FOLDER = join(import.meta.dirname, '../../../.bench')
const DATA = join(FOLDER, 'history-v1')
const BATCH = 1_000
const CLIENT = '0000000100000001'

/** A data folder with one document, `documents/paper`, whose log has an operation for every keystroke of automerge-paper. */
export async function historyStore(): Promise<string> {
  if (existsSync(DATA)) return DATA
  const making = `${DATA}-making`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making, { recursive: true })
  const server = await startConcord(making)
  const token = await developmentToken(server.url, 'ada')
  await call(server.url, token, 'DocumentService/CreateDocument', { documentId: 'paper', document: { type: 'text' } })
  await server.stop()
  await fillLog(making)
  await leaveSnapshot(making)
  renameSync(making, DATA)
  return DATA
}

/** Written by the store itself: through the server, a quarter of a million operations one after the other take minutes. */
async function fillLog(directory: string): Promise<void> {
  const stores = await openSqliteStores({ directory, runtime: systemRuntime })
  const doc = { tenant: 'local', id: 'paper' }
  const { epoch } = await stores.opLog.claim(doc, 'bench')
  const { patches } = readTrace('automerge-paper')
  let length = 0
  for (let first = 0; first < patches.length; first += BATCH) {
    const records = patches.slice(first, first + BATCH).map(([position, removed, inserted], index) => {
      const version = first + index + 1
      const operation = patchOperation(length, position, removed, inserted, [{ user: 1, client: CLIENT }])
      length += inserted.length - removed
      const change: Change = { version, epoch, author: { userId: 'ada', userOrdinal: 1, clientId: CLIENT }, operation, at: 1_700_000_000_000 + version }
      return { version, epoch, clientId: CLIENT, clientSeq: version, userId: 'ada', at: change.at, baseVersion: version - 1, algorithm: 1, format: 1, bytes: encodeChange(change) }
    })
    const outcome = await stores.opLog.append(doc, epoch, first, records)
    if (outcome !== 'committed') throw new Error(`append ${first}: ${outcome}`)
  }
  await stores.close()
}

/** What the server would have left while these operations came in: a snapshot at the head. */
async function leaveSnapshot(directory: string): Promise<void> {
  const server = await startConcord(directory)
  await readDocument(server.url, await developmentToken(server.url, 'ada'), 'documents/paper')
  await server.stop()
}
