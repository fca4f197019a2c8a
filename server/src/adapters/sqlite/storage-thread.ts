import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { DataFolderRefused, openDataFolder } from './data-folder.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { StorageEngine } from './storage-engine.ts'

/**
 * The thread that owns the database. It sleeps until a message comes, then takes every message that waits and hands them
 * to the engine as one group: the longer a commit takes, the more the next one carries.
 */
function run(port: MessagePort, directory: string): void {
  const post = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)
  let engine: StorageEngine
  try {
    engine = new StorageEngine(openDataFolder(directory), (writable, cause) => post({ kind: 'health', writable, cause }))
  } catch (error) {
    if (!(error instanceof DataFolderRefused)) throw error
    post({ kind: 'refused', message: error.message })
    port.close()
    return
  }
  port.on('message', (first: ToWorker) => {
    const { answers, transfer } = engine.handle([first, ...waiting(port)])
    post(answers, transfer)
    if (engine.closed) port.close()
  })
  post({ kind: 'ready' })
}

function waiting(port: MessagePort): ToWorker[] {
  const messages: ToWorker[] = []
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) messages.push(next.message as ToWorker)
  return messages
}

if (parentPort === null) throw new Error('The storage thread is started by openSqliteStores')
run(parentPort, (workerData as { directory: string }).directory)
