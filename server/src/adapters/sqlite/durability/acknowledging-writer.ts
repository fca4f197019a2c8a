import { writeSync } from 'node:fs'
import type { LogRecord } from '../../../ports/index.ts'
import { StorageUnavailable } from '../../../ports/index.ts'
import { openSqliteStores } from '../open-sqlite-stores.ts'

/**
 * One change after the other, each told on stdout once it is acknowledged: `node acknowledging-writer.ts DIRECTORY COUNT`.
 * With nothing waiting together every change is a commit of its own. Ends with what the connection says of itself. Needs
 * no package, so that it also runs from a changed copy of these sources.
 */
const [directory, count] = [process.argv[2]!, Number(process.argv[3])]
const say = (...words: readonly unknown[]): unknown => writeSync(1, `${words.join(' ')}\n`)
const soon = (callback: () => void): void => void setImmediate(callback)
const stores = await openSqliteStores({ directory, runtime: { timers: { soon } }, onHealth: (writable) => say('health', writable) })
const doc = { tenant: 'local', id: 'notes' }

function record(version: number, epoch: number): LogRecord {
  const bytes = new TextEncoder().encode(`version ${version}`)
  return { version, epoch, clientId: '0000000100000001', clientSeq: version, userId: 'ada', at: version, baseVersion: version - 1, algorithm: 1, format: 1, bytes }
}

/** Claims until the store lets it: each try is one that the caller of a failed store would make. */
async function claim(): Promise<{ epoch: number; head: number }> {
  for (let attempt = 1; attempt < 1_000; attempt += 1) {
    try {
      return await stores.opLog.claim(doc, 'owner')
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) throw error
    }
  }
  throw new Error('The store never recovered')
}

async function change(turn: number): Promise<void> {
  if (turn % 10 === 3) await stores.documents.create({ tenant: 'local', id: `doc-${turn}` }, { title: 'A title', type: 'text', creator: 'ada', at: turn })
  else if (turn % 10 === 6) await stores.snapshots.put(doc, { version: head, epoch, hash: '00000000000000aa', format: 1, length: 1, state: new Uint8Array(9), chunks: [new Uint8Array(9)], checksum: '' })
  else if (turn % 10 === 9) ({ epoch, head } = await claim())
  else await append()
}

async function append(): Promise<void> {
  const outcome = await stores.opLog.append(doc, epoch, head, [record(head + 1, epoch)])
  if (outcome === 'committed') head += 1
  else {
    say('outcome', outcome, head + 1)
    ;({ epoch, head } = await claim())
  }
}

let { epoch, head } = await claim()
say('ack 0')
for (let turn = 1; turn <= count; turn += 1) {
  try {
    await change(turn)
    say('ack', turn)
  } catch (error) {
    if (!(error instanceof StorageUnavailable)) throw error
    say('refused', turn)
  }
}
const log = await stores.opLog.read(doc, 0, 1e9, 1e12)
const isWhole = log.length === head && log.every(({ version, bytes }, index) => version === index + 1 && new TextDecoder().decode(bytes) === `version ${version}`)
say('log', isWhole ? 'whole' : 'broken')
const { commits, pragmas } = await stores.inspect()
say('commits', commits)
say('pragmas', JSON.stringify(pragmas))
await stores.close()
