import { once } from 'node:events'
import { OperationBuilder } from '@concord/ot'
import type { Opened } from '@concord/protocol'
import { WebSocket } from 'ws'
import type { BenchRow, Contestant } from '../bench-module.ts'
import { openFrame } from './concord-writer.ts'
import { call, developmentToken } from './dev-account.ts'
import { sleep } from './document-writer.ts'
import { startConcord, startPeer } from './server-process.ts'
import { SocketClient } from './socket-client.ts'

const EDITORS = 100
/** Milliseconds between two operations of an editor. */
const EVERY_MS = 100
const WARMUP_MS = 3_000
const MEASURE_MS = 5_000

/** Somebody who inserts one letter at the start of the document, on a connection of his own. */
interface Editor {
  /** Sends the next operation, unless the last one is still on its way. @returns what others will know it by */
  edit(): string | undefined
  close(): void
}

/** Opens editor `index`; `seen` hears of operations of others, by what `edit` answered. */
type OpenEditor = (index: number, seen: (from: string) => void) => Promise<Editor>

/** Milliseconds from the submit to the arrival at each of the other editors, sorted. */
async function submitToVisible(open: OpenEditor): Promise<number[]> {
  const left = new Map<string, number>()
  const times: number[] = []
  let measuring = false
  const seen = (from: string): void => {
    const start = left.get(from)
    if (measuring && start !== undefined) times.push(performance.now() - start)
  }
  const editors = await Promise.all(Array.from({ length: EDITORS }, (_, index) => open(index, seen)))
  const timers = editors.map((editor, index) =>
    setTimeout(() => {
      timers[index] = setInterval(() => {
        const from = editor.edit()
        if (from !== undefined) left.set(from, performance.now())
      }, EVERY_MS)
    }, (index * EVERY_MS) / EDITORS),
  )
  await sleep(WARMUP_MS)
  measuring = true
  await sleep(MEASURE_MS)
  timers.forEach((timer) => clearInterval(timer))
  editors.forEach((editor) => editor.close())
  return times.sort((a, b) => a - b)
}

function concordEditor(url: string, token: string): OpenEditor {
  return async (_, seen) => {
    let opened: Opened | undefined
    let [version, seq, waiting] = [0, 0, false]
    const ready = Promise.withResolvers<void>()
    const client = await SocketClient.connect(url, token, (_channel, frame) => {
      if (frame.kind === 'opened') {
        opened = frame.opened
        ready.resolve()
      } else if (frame.kind === 'change') {
        version = frame.change.version
        seen(frame.change.author.clientId)
      } else if (frame.kind === 'ack') [version, waiting] = [frame.ack.version, false]
    })
    client.send(1, { kind: 'open', open: openFrame('documents/hot') })
    await ready.promise
    return {
      edit() {
        if (opened === undefined || waiting) return undefined
        waiting = true
        const operation = new OperationBuilder(version).insert('x').build()
        client.send(1, { kind: 'submit', submit: { session: opened.session, clientId: opened.clientId, seq: ++seq, baseVersion: version, operation } })
        return opened.clientId
      },
      close: () => client.close(),
    }
  }
}

interface ShareDbMessage {
  readonly a: string
  readonly id?: string
  readonly v?: number
  readonly src?: string
  readonly data?: { readonly v: number }
}

function shareDbEditor(url: string): OpenEditor {
  return async (index, seen) => {
    const socket = new WebSocket(url.replace('http', 'ws'))
    const send = (message: object): void => socket.send(JSON.stringify({ c: 'documents', d: 'hot', ...message }))
    let [id, version, seq, waiting] = ['', 0, 1, false]
    const ready = Promise.withResolvers<void>()
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ShareDbMessage
      if (message.a === 'hs') {
        id = String(message.id)
        if (index === 0) send({ a: 'op', v: 0, seq: seq++, x: {}, create: { type: 'http://sharejs.org/types/text-unicode', data: '' } })
        setTimeout(() => send({ a: 's' }), 500)
      } else if (message.a === 's') {
        version = message.data?.v ?? version
        ready.resolve()
      } else if (message.a === 'op') {
        version = Math.max(version, (message.v ?? 0) + 1)
        if (message.src === id) waiting = false
        else seen(String(message.src))
      }
    })
    await once(socket, 'open')
    socket.send(JSON.stringify({ a: 'hs', id: null, protocol: 1, protocolMinor: 2 }))
    await ready.promise
    return {
      edit() {
        if (waiting) return undefined
        waiting = true
        send({ a: 'op', v: version, seq: seq++, x: {}, op: ['x'] })
        return id
      },
      close: () => socket.terminate(),
    }
  }
}

function percentile(sorted: readonly number[], percent: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))]
  if (value === undefined) throw new Error('no operation became visible')
  return value
}

function concord(percent: number): Contestant {
  return {
    name: 'concord',
    async measure() {
      const server = await startConcord()
      const token = await developmentToken(server.url, 'ada')
      await call(server.url, token, 'DocumentService/CreateDocument', { documentId: 'hot', document: { type: 'text' } })
      const times = await submitToVisible(concordEditor(server.url, token))
      await server.stop()
      return [percentile(times, percent)]
    },
  }
}

function shareDb(percent: number): Contestant {
  return {
    name: 'sharedb',
    async measure() {
      const server = await startPeer('sharedb-server.ts')
      const times = await submitToVisible(shareDbEditor(server.url))
      await server.stop()
      return [percentile(times, percent)]
    },
  }
}

function row(percent: number, target: number): BenchRow {
  const title = `${EDITORS} editors of one document, ${1000 / EVERY_MS} operations/s each: submit -> visible, p${percent}`
  return { id: `hot-document-p${percent}`, title, unit: 'ms', better: 'lower', target, ours: concord(percent), peers: [shareDb(percent)] }
}

export const hotDocumentRows: readonly BenchRow[] = [row(95, 50), row(99, 100)]
