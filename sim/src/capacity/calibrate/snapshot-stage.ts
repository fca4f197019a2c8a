import { OperationBuilder } from '@concord/ot'
import type { CostName } from '../calibration.ts'
import { LoadSocket } from './load-socket.ts'
import type { MeasuredServer } from './measured-server.ts'
import { countdown, type Countdown, openFrame, openSessions, closeSessions } from './sessions.ts'
import type { Stage } from './stage.ts'

/** Units of the document, and how often a round opens it. */
const SIZES: readonly (readonly [name: CostName, units: number, opens: number])[] = [
  ['open.snapshot.1k', 1_000, 60],
  ['open.snapshot.10k', 10_000, 50],
  ['open.snapshot.100k', 100_000, 12],
  ['open.snapshot.1m', 1_000_000, 3],
]

/** Clients without a copy of their own open documents that are loaded. */
export const snapshotStage: Stage = {
  title: 'opens by snapshot',
  rounds: 3,
  async round(server, round) {
    const found: Partial<Record<CostName, number>> = {}
    for (const [name, units, opens] of SIZES) {
      const document = await filledDocument(server, `${name.replaceAll('.', '-')}-${round}-`, units)
      found[name] = await costOfOpens(server, document, opens)
    }
    return found
  },
}

/** Units of one insert; the server takes 65,536. */
const PASTE = 60_000

/** A document with so many units, pasted piece by piece. */
export async function filledDocument(server: MeasuredServer, prefix: string, units: number): Promise<string> {
  await server.createDocuments(prefix, 1)
  const document = `documents/${prefix}0`
  let acked = countdown(1)
  const sessions = await openSessions(server, [document], { frame: (_, frame) => void (frame.kind === 'ack' && acked.one()) })
  const [session] = sessions
  if (session === undefined) throw new Error('no session was opened')
  for (let length = 0; length < units; length += PASTE) {
    const operation = new OperationBuilder(length).insert(TEXT.slice(0, Math.min(PASTE, units - length))).build()
    acked = countdown(1)
    session.seq += 1
    session.socket.frame(session.channel, { kind: 'submit', submit: { session: session.opened.session, clientId: session.opened.clientId, seq: session.seq, baseVersion: session.version, operation } })
    await acked.reached
  }
  await closeSessions(sessions)
  return document
}

const TEXT = 'the quick brown fox jumps over the lazy dog, '.repeat(2_000)

async function costOfOpens(server: MeasuredServer, document: string, opens: number): Promise<number> {
  let complete: Countdown | undefined
  const units = new Map<number, number>()
  const socket = await LoadSocket.connect(server, (channel, message) => {
    if (message.kind !== 'frame' || message.frame.kind !== 'snapshot') return
    const { content, total } = message.frame.snapshot
    const have = (units.get(channel) ?? 0) + content.text.length
    units.set(channel, have)
    if (have >= total) complete?.one()
  })
  const spent = await server.during(async () => {
    for (let open = 1; open <= opens; open++) {
      complete = countdown(1)
      socket.frame(open, { kind: 'open', open: openFrame(document, { snapshot: true }) })
      await complete.reached
      socket.closeChannel(open)
    }
  })
  await socket.close()
  return spent.mainMs / opens
}
