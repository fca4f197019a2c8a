import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BenchRow, Contestant } from '../bench-module.ts'
import { readTrace } from '../ot/trace.ts'
import { peer } from '../peers.ts'
import { developmentToken } from './dev-account.ts'
import { historyStore } from './history-store.ts'
import { readDocument } from './read-document.ts'
import { startConcord } from './server-process.ts'

/** Opens the document `times` times on a server that has just started; the first is cold. */
async function opens(times: number): Promise<number[]> {
  const server = await startConcord(await historyStore())
  const token = await developmentToken(server.url, 'ada')
  const found: number[] = []
  while (found.length < times) found.push(await readDocument(server.url, token, 'documents/paper'))
  await server.stop()
  return found
}

const cold: Contestant = { name: 'concord', measure: async () => (await opens(1)).slice(0, 1) }
const warm: Contestant = { name: 'concord', measure: async () => (await opens(11)).slice(1) }

interface Yjs {
  readonly Doc: new () => { getText(): { insert(at: number, text: string): void; delete(at: number, length: number): void; toString(): string } }
  encodeStateAsUpdate(doc: object): Uint8Array
  applyUpdate(doc: object, update: Uint8Array): void
}

/** What a Yjs server does to open a document, without its network: read the stored update and apply it. */
const yjs: Contestant = {
  name: 'yjs',
  async measure() {
    const Y = await peer<Yjs>('yjs')
    const file = join(import.meta.dirname, '../../../.bench/history-yjs.bin')
    if (!existsSync(file)) writeUpdate(Y, file)
    const times: number[] = []
    while (times.length < 5) {
      const start = performance.now()
      const doc = new Y.Doc()
      Y.applyUpdate(doc, readFileSync(file))
      doc.getText().toString()
      times.push(performance.now() - start)
    }
    return times
  },
}

function writeUpdate(Y: Yjs, file: string): void {
  const doc = new Y.Doc()
  const text = doc.getText()
  for (const [position, removed, inserted] of readTrace('automerge-paper').patches) {
    if (removed > 0) text.delete(position, removed)
    if (inserted !== '') text.insert(position, inserted)
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, Y.encodeStateAsUpdate(doc))
}

export const openHistoryRows: readonly BenchRow[] = [
  { id: 'open-history-cold', title: 'open a document with 260,000 operations of history, first open after the start', unit: 'ms', better: 'lower', target: 50, ours: cold, peers: [yjs] },
  { id: 'open-history-warm', title: 'open it again, while the server has it', unit: 'ms', better: 'lower', target: 5, ours: warm, peers: [yjs] },
]
