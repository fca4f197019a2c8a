/** A group of actors in a process of its own: does what its parent says, and ends with it. */
import type { Answer, Order } from './group-process.ts'
import { LiveGroup } from './live-group.ts'
import { plainReplica } from './plain-replica.ts'

/** Entries and replicas in one message: a message is a copy. */
const AT_ONCE = 2_000

let group: LiveGroup | undefined

process.on('message', (order: Order) => {
  void obey(order).catch((error: unknown) => tell({ kind: 'failed', why: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
})
process.on('disconnect', () => process.exit(1))

async function obey(order: Order): Promise<void> {
  switch (order.kind) {
    case 'open':
      group = await LiveGroup.open(order.parts)
      return tell({ kind: 'done' })
    case 'begin':
      await group?.begin(order.beganAt)
      return tell({ kind: 'done' })
    case 'expect':
      await group?.expect(order.document, order.user, order.what)
      return tell({ kind: 'done' })
    case 'heal':
      await group?.heal()
      return tell({ kind: 'done' })
    case 'unrest':
      return tell({ kind: 'unrest', why: await group?.unrest() })
    case 'findings':
      return tellFindings()
    case 'close':
      await group?.close()
      process.exit(0)
  }
}

async function tellFindings(): Promise<void> {
  if (group === undefined) throw new Error('it was never opened')
  const { entries, replicas, latestMs } = await group.findings()
  for (let from = 0; from < Math.max(entries.length, replicas.length, 1); from += AT_ONCE) {
    const isLast = from + AT_ONCE >= Math.max(entries.length, replicas.length)
    const part = { entries: entries.slice(from, from + AT_ONCE), replicas: replicas.slice(from, from + AT_ONCE).map(plainReplica) }
    await tell({ kind: 'found', ...part, ...(isLast ? { latestMs } : {}) })
  }
}

function tell(answer: Answer): Promise<void> {
  return new Promise((resolve, reject) => void process.send?.(answer, undefined, undefined, (error) => (error === null ? resolve() : reject(error))))
}
