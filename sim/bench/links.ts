/**
 * One editor, many viewers on links at levels message and bytes: messages that arrive per second of processor time, which others on
 * the machine do not falsify.
 *
 * Run: node --conditions=source --expose-gc sim/bench/links.ts [viewers] [seconds of virtual time] [idle clients]
 */
import { VirtualTime } from '../src/kernel/virtual-time.ts'
import { bytesLink } from '../src/network/bytes/bytes-link.ts'
import { messageLink } from '../src/network/message/message-link.ts'
import type { ActorLink, MakeLink } from '../src/network/network.ts'
import { LocalNode } from '../src/network/testing/local-node.ts'
import { type Attach, BARE, fanOut, makeLink, MAX_EVENTS, OPEN, REAL, realClient, secondsSince } from './fan-out.ts'

const viewers = Number(process.argv[2] ?? 2_000)
const seconds = Number(process.argv[3] ?? 60)
const idle = Number(process.argv[4] ?? 100_000)

await printFanOut('level message, handlers that only count', messageLink, BARE)
await printFanOut('level bytes, handlers that only count', bytesLink, BARE)
await printFanOut('level message, real clients', messageLink, REAL)
await idleMemory(idle, 'connections', (link) => link.openSession(OPEN, { message: () => undefined, ended: () => undefined }))
await idleMemory(idle, 'real clients', (link, name, time) => realClient(link, name, time))

async function printFanOut(title: string, make: MakeLink, attach: Attach): Promise<void> {
  const { messages, seconds: took } = await fanOut(make, attach, viewers, seconds)
  console.log(`${title}: ${messages} messages to ${viewers} viewers in ${took.toFixed(2)} s of processor time: ${Math.round(messages / took)} messages/s`)
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
