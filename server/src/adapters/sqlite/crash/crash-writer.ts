import { writeSync } from 'node:fs'
import { systemRuntime } from '@concord/runtime'
import { StorageUnavailable } from '../../../ports/index.ts'
import { openSqliteStores } from '../open-sqlite-stores.ts'
import { DOCUMENTS, crashDocument, crashRecord, crashSnapshot } from './crash-data.ts'

/**
 * The process that gets killed: writes to every document at once and says on stdout what was acknowledged, one line each.
 * `node crash-writer.ts DIRECTORY ROUND`. Lines are written synchronously, so what a line says was acknowledged before
 * the kill, and what was acknowledged may lack its line.
 */
const [directory, round] = [process.argv[2]!, Number(process.argv[3])]
const pause = new Int32Array(new SharedArrayBuffer(4))
const stores = await openSqliteStores({ directory, runtime: systemRuntime })

/** A pipe whose reader is busy takes part of a line, or nothing: the rest is written when there is room again. */
function say(...words: readonly (string | number)[]): void {
  let rest = Buffer.from(`${words.join(' ')}\n`)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Atomics.wait(pause, 0, 0, 1)
    }
  }
}

async function keepWriting(n: number): Promise<never> {
  const doc = crashDocument(n)
  let { epoch, head } = await stores.opLog.claim(doc, `round ${round}`)
  say('claimed', n, epoch)
  for (let turn = 0; ; turn += 1) {
    const count = 1 + ((turn + n) % 4)
    const records = Array.from({ length: count }, (_, index) => crashRecord(n, head + 1 + index, epoch, round))
    const outcome = await stores.opLog.append(doc, epoch, head, records)
    if (outcome !== 'committed') throw new StorageUnavailable(`An append was ${outcome} without reason`)
    head += count
    say('committed', n, head, count, epoch)
    if (turn % 16 !== n) continue
    await stores.snapshots.put(doc, crashSnapshot(n, head, epoch))
    say('snapshot', n, head)
    await stores.snapshots.prune(doc, 2)
  }
}

await Promise.all(Array.from({ length: DOCUMENTS }, (_, n) => keepWriting(n)))
