import { OperationBuilder } from '@concord/ot'
import type { Opened } from '@concord/protocol'
import type { BenchRow, Contestant } from '../bench-module.ts'
import { openFrame } from '../server/concord-writer.ts'
import { call, developmentToken } from '../server/dev-account.ts'
import { sleep } from '../server/document-writer.ts'
import { startConcord, startPeer } from '../server/server-process.ts'
import { SocketClient } from '../server/socket-client.ts'
import { type Readers, socketReaders, streamReaders } from './readers.ts'

const READERS = 1_000
const WARMUP_MS = 2_000
const MEASURE_MS = 4_000
/** Clients that write; each has one operation in flight. */
const WRITERS = 8
/** Versions that the writers may be ahead of the readers: load without a growing backlog. */
const AHEAD = 128

/** Opens readers at an address; `delivered` hears how many changes arrived. */
type OpenReaders = (url: string, token: string | undefined, document: string, delivered: (changes: number) => void) => Promise<Readers>

const overGrpc: OpenReaders = (url, token, document, delivered) => streamReaders('grpc', url, token ?? '', document, READERS, delivered)
const overConnect: OpenReaders = (url, token, document, delivered) => streamReaders('connect', url, token ?? '', document, READERS, delivered)
const overSockets: OpenReaders = (url, token, document, delivered) => socketReaders(url, token, document, READERS, delivered)

/** Deliveries a second through a real document: committed, durable, acknowledged, and handed to every reader. */
function concord(openReaders: OpenReaders): Contestant {
  return {
    name: 'concord',
    async measure() {
      const server = await startConcord()
      const token = await developmentToken(server.url, 'ada')
      await call(server.url, token, 'DocumentService/CreateDocument', { documentId: 'hot', document: { type: 'text' } })
      let count = 0
      const readers = await openReaders(server.url, token, 'documents/hot', (changes) => void (count += changes))
      await sleep(1_000)
      const stop = await write(server.url, token, () => count / READERS)
      const rate = await deliveredPerSecond(() => count)
      stop()
      readers.close()
      await server.stop()
      return [rate]
    },
  }
}

function stock(kind: string, openReaders: OpenReaders): Contestant {
  return {
    name: kind,
    async measure() {
      const server = await startPeer('../wire/fan-out-peer.ts', kind, String(READERS))
      let count = 0
      const readers = await openReaders(server.url, undefined, 'documents/hot', (changes) => void (count += changes))
      const rate = await deliveredPerSecond(() => count)
      readers.close()
      await server.stop()
      return [rate]
    },
  }
}

async function deliveredPerSecond(count: () => number): Promise<number> {
  await sleep(WARMUP_MS)
  const [before, start] = [count(), performance.now()]
  await sleep(MEASURE_MS)
  return ((count() - before) * 1000) / (performance.now() - start)
}

/** Writers at the head of the document, never more than AHEAD versions before the readers. @returns what stops them */
async function write(url: string, token: string, read: () => number): Promise<() => void> {
  let head = 0
  let running = true
  const sessions: { opened: Opened; seq: number; version: number }[] = []
  const client = await SocketClient.connect(url, token, (channel, frame) => {
    const session = sessions[channel]
    if (frame.kind === 'opened') sessions[channel] = { opened: frame.opened, seq: 0, version: frame.opened.head }
    if (frame.kind === 'opened') return void submit(channel)
    if (session === undefined) return
    if (frame.kind === 'change') session.version = frame.change.version
    if (frame.kind !== 'ack') return
    session.version = frame.ack.version
    head = Math.max(head, frame.ack.version)
    submit(channel)
  })
  const submit = (channel: number): void => {
    const session = sessions[channel]
    if (!running || session === undefined) return
    if (head - read() > AHEAD) return void setImmediate(submit, channel)
    const operation = new OperationBuilder(session.version).insert('x').build()
    client.send(channel, { kind: 'submit', submit: { session: session.opened.session, clientId: session.opened.clientId, seq: ++session.seq, baseVersion: session.version, operation } })
  }
  for (let channel = 1; channel <= WRITERS; channel++) client.send(channel, { kind: 'open', open: openFrame('documents/hot') })
  return () => {
    running = false
    client.close()
  }
}

export const fanOutRows: readonly BenchRow[] = [
  {
    id: 'fan-out-grpc',
    title: '1,000 readers of one document, gRPC, 100 streams a connection',
    unit: 'deliveries/s',
    better: 'higher',
    target: 400_000,
    ours: concord(overGrpc),
    peers: [stock('connect-node', overGrpc), stock('grpc-js', overGrpc)],
  },
  {
    id: 'fan-out-connect',
    title: '1,000 readers of one document, Connect, 100 streams a connection',
    unit: 'deliveries/s',
    better: 'higher',
    target: 400_000,
    ours: concord(overConnect),
    peers: [stock('connect-node', overConnect)],
  },
  {
    id: 'fan-out-socket',
    title: '1,000 readers of one document, a WebSocket each',
    unit: 'deliveries/s',
    better: 'higher',
    target: 300_000,
    ours: concord(overSockets),
    peers: [stock('ws', overSockets)],
  },
]
