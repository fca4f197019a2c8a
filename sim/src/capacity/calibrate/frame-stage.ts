import type { CostName } from '../calibration.ts'
import type { MeasuredServer, Usage } from './measured-server.ts'
import { closeSessions, openSessions, sleep, submitLetter } from './sessions.ts'
import type { Stage } from './stage.ts'
import { type Readers, streamReaders } from './stream-readers.ts'

const READERS = 200
const CHANGES = 60
const BUSY_WRITERS = 8
const BUSY_MS = 500

type OpenReaders = (server: MeasuredServer, document: string, count: number, delivered: (frames: number) => void) => Promise<Readers>

const overSockets: OpenReaders = async (server, document, count, delivered) => {
  const sessions = await openSessions(server, Array.from({ length: count }, () => document), { frame: () => delivered(1) }, 1)
  return { bytes: () => sessions.reduce((sum, { socket }) => sum + socket.received, 0), close: () => closeSessions(sessions) }
}

const CARRIERS: readonly (readonly [carrier: 'socket' | 'grpc' | 'connect', open: OpenReaders])[] = [
  ['socket', overSockets],
  ['grpc', (...parts) => streamReaders('grpc', ...parts)],
  ['connect', (...parts) => streamReaders('connect', ...parts)],
]

/** A document with 200 readers, by each carrier: changes one by one, then as fast as 8 writers go. */
export const frameStage: Stage = {
  title: 'deliveries',
  rounds: 3,
  async round(server, round) {
    const found: Partial<Record<CostName, number>> = {}
    for (const [carrier, open] of CARRIERS) {
      await server.createDocuments(`frame-${round}-${carrier}-`, 2)
      const alone = await oneByOne(server, `documents/frame-${round}-${carrier}-1`, open, 0)
      const single = await oneByOne(server, `documents/frame-${round}-${carrier}-0`, open, READERS)
      found[`frame.${carrier}`] = Math.max(0, single.usage.mainMs - alone.usage.mainMs) / (READERS * CHANGES)
      if (carrier === 'grpc') found['connect.stream'] = single.openMs
      if (carrier === 'connect') continue
      found[`bytes.frame.${carrier}`] = single.bytes / (READERS * CHANGES)
      found[`frame.${carrier}.busy`] = await busy(server, `documents/frame-${round}-${carrier}-0`, open)
    }
    return found
  },
}

interface Single {
  readonly usage: Usage
  readonly bytes: number
  /** Milliseconds to open one stream. */
  readonly openMs: number
}

/** One writer, who waits for the ack and for every reader before he goes on. */
async function oneByOne(server: MeasuredServer, document: string, open: OpenReaders, count: number): Promise<Single> {
  let [acked, delivered] = [0, 0]
  const [writer] = await openSessions(server, [document], { frame: (_, { kind }) => void (kind === 'ack' && (acked += 1)) })
  if (writer === undefined) throw new Error('no session was opened')
  let readers: Readers | undefined
  const opening = await server.during(async () => {
    readers = await open(server, document, count, (frames) => void (delivered += frames))
    await settled(() => delivered)
  })
  const base = delivered
  const bytesBefore = readers?.bytes() ?? 0
  const usage = await server.during(async () => {
    for (let change = 1; change <= CHANGES; change++) {
      submitLetter(writer)
      while (acked < change || delivered - base < change * count) await new Promise<void>((resolve) => setImmediate(resolve))
    }
  })
  const bytes = (readers?.bytes() ?? 0) - bytesBefore
  await readers?.close()
  await closeSessions([writer])
  return { usage, bytes, openMs: opening.mainMs / Math.max(1, count) }
}

/** Resolves when `count` has not moved for 60 ms: what the opens bring has arrived. */
async function settled(count: () => number): Promise<void> {
  for (let before = -1; before !== count(); ) {
    before = count()
    await sleep(60)
  }
}

/** Processor time per delivery while changes come faster than frames leave; the share of the submits is taken off. */
async function busy(server: MeasuredServer, document: string, open: OpenReaders): Promise<number> {
  let [delivered, operations, running] = [0, 0, true]
  const readers = await open(server, document, READERS, (frames) => void (delivered += frames))
  const writers = await openSessions(server, Array.from({ length: BUSY_WRITERS }, () => document), {
    frame(session, { kind }) {
      if (kind !== 'ack') return
      operations += 1
      // Never far ahead of the readers: load without a growing backlog.
      const next = (): void => void (running && (operations - delivered / READERS > 128 ? setImmediate(next) : submitLetter(session)))
      next()
    },
  })
  for (const writer of writers) submitLetter(writer)
  await sleep(300)
  const [before, deliveredBefore] = [await server.usage(), delivered]
  await sleep(BUSY_MS)
  const [after, deliveries] = [await server.usage(), delivered - deliveredBefore]
  running = false
  await readers.close()
  await closeSessions(writers)
  return (after.mainMs - before.mainMs) / deliveries
}
