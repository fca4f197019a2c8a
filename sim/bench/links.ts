/**
 * One editor, many viewers on links at levels message and bytes: messages that arrive per second of processor time, which others on
 * the machine do not falsify.
 *
 * Run: node --conditions=source --expose-gc sim/bench/links.ts [viewers] [seconds of virtual time] [idle clients]
 */
import type { Open, ServerFrame } from '@concord/protocol'
import { connect, type Document, MemoryStorage } from '@concord/client'
import { KeyedRandom } from '../src/kernel/keyed-random.ts'
import { VirtualTime } from '../src/kernel/virtual-time.ts'
import { bytesLink } from '../src/network/bytes/bytes-link.ts'
import { messageLink } from '../src/network/message/message-link.ts'
import type { ActorLink, LinkParts, MakeLink } from '../src/network/network.ts'
import { DOCUMENT, identityOf, LocalNode } from '../src/network/testing/local-node.ts'
import { PERFECT } from '../src/plan/link-model.ts'

const MODEL = { ...PERFECT, delayMs: 20, delayP99Ms: 100 }
const MAX_EVENTS = 1e9

const OPEN: Open = { document: DOCUMENT, version: 0, epoch: 0, lastSeq: 0, sdk: 'bench', features: [], snapshot: false, algorithms: [] }

const viewers = Number(process.argv[2] ?? 2_000)
const seconds = Number(process.argv[3] ?? 60)
const idle = Number(process.argv[4] ?? 100_000)

await fanOut('level message, handlers that only count', messageLink, (link, counter) => void link.openSession(OPEN, counter))
await fanOut('level bytes, handlers that only count', bytesLink, (link, counter) => void link.openSession(OPEN, counter))
await fanOut('level message, real clients', messageLink, (link, counter, time) => void realClient(link, counter.name, time))
await idleMemory(idle, 'connections', (link) => link.openSession(OPEN, { message: () => undefined, ended: () => undefined }))
await idleMemory(idle, 'real clients', (link, name, time) => realClient(link, name, time))

interface Counter {
  readonly name: string
  message(frame: ServerFrame): void
  ended(error: Error): void
}

async function fanOut(title: string, make: MakeLink, attach: (link: ActorLink, counter: Counter, time: VirtualTime) => void): Promise<void> {
  const time = new VirtualTime(1)
  const node = new LocalNode(time)
  node.start()
  await node.create(['user'])
  let arrived = 0
  const note = { sent: () => undefined, received: () => void (arrived += 1), ended: (reason: string) => console.log('ended', reason) }
  for (let n = 0; n < viewers; n += 1) attach(makeLink(make, time, node, `viewer ${n}`, note), { name: `viewer ${n}`, message: () => undefined, ended: () => undefined }, time)
  const editor = await openEditor(make, time, node)
  await time.runUntil(5_000, MAX_EVENTS)
  arrived = 0
  const from = process.cpuUsage()
  for (let n = 0; n < seconds * 5; n += 1) {
    editor.text.insert(editor.text.length, 'x')
    await time.runUntil(time.now + 200, MAX_EVENTS)
  }
  const took = secondsSince(from)
  console.log(`${title}: ${arrived} messages to ${viewers} viewers in ${took.toFixed(2)} s of processor time: ${Math.round(arrived / took)} messages/s`)
}

async function openEditor(make: MakeLink, time: VirtualTime, node: LocalNode): Promise<Document> {
  const link = makeLink(make, time, node, 'editor', { sent: () => undefined, received: () => undefined, ended: () => undefined })
  const opening = realClient(link, 'editor', time)
  await time.runUntil(2_000, MAX_EVENTS)
  return opening
}

function realClient(link: ActorLink, name: string, time: VirtualTime): Promise<Document> {
  return connect({ url: 'sim:', token: async () => 't', runtime: time.runtime(name), storage: new MemoryStorage(), transport: () => link }).open(DOCUMENT)
}

/** Connected and idle: what the links themselves hold, the server's sessions included. */
async function idleMemory(count: number, title: string, attach: (link: ActorLink, name: string, time: VirtualTime) => unknown): Promise<void> {
  const time = new VirtualTime(1)
  const node = new LocalNode(time)
  node.start()
  await node.create(['user'])
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  const kept: unknown[] = []
  const note = { sent: () => undefined, received: () => undefined, ended: (reason: string) => console.log('ended', reason) }
  const from = process.cpuUsage()
  for (let n = 0; n < count; n += 1) {
    const link = makeLink(messageLink, time, node, `idle ${n}`, note)
    kept.push([link, attach(link, `idle ${n}`, time)])
  }
  await time.runUntil(60_000, MAX_EVENTS)
  const took = secondsSince(from)
  globalThis.gc?.()
  const bytes = (process.memoryUsage().heapUsed - before) / count
  console.log(`${kept.length} idle ${title}: ${Math.round(bytes)} bytes each, server session included; connecting and 60 s of pings took ${took.toFixed(1)} s of processor time`)
}

function makeLink(make: MakeLink, time: VirtualTime, node: LocalNode, name: string, observer: LinkParts['observer']): ActorLink {
  const random = new KeyedRandom(1, `link ${name}`)
  return make({ time, random, name, identity: identityOf('user'), unary: false, model: MODEL, route: () => node, blocked: () => false, observer })
}

function secondsSince(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1e6
}
