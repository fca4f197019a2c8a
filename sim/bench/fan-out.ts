import { connect, type Document, MemoryStorage } from '@concord/client'
import type { Open, ServerFrame } from '@concord/protocol'
import { KeyedRandom } from '../src/kernel/keyed-random.ts'
import { VirtualTime } from '../src/kernel/virtual-time.ts'
import type { ActorLink, LinkParts, MakeLink } from '../src/network/network.ts'
import { DOCUMENT, identityOf, LocalNode } from '../src/network/testing/local-node.ts'
import { PERFECT } from '../src/plan/link-model.ts'

const MODEL = { ...PERFECT, delayMs: 20, delayP99Ms: 100 }
export const MAX_EVENTS = 1e9

export const OPEN: Open = { document: DOCUMENT, version: 0, epoch: 0, lastSeq: 0, sdk: 'bench', features: [], snapshot: false, algorithms: [] }

/** A reader whose handler does nothing. */
export interface Reader {
  readonly name: string
  message(frame: ServerFrame): void
  ended(error: Error): void
}

/** What reads at the end of a link. */
export type Attach = (link: ActorLink, reader: Reader, time: VirtualTime) => void

export const BARE: Attach = (link, reader) => void link.openSession(OPEN, reader)
export const REAL: Attach = (link, reader, time) => void realClient(link, reader.name, time)

export interface FanOut {
  readonly messages: number
  /** Of processor time, all threads of the process. */
  readonly seconds: number
}

/** One editor who types five times a second, many viewers: messages that arrive, and the processor time that took. */
export async function fanOut(make: MakeLink, attach: Attach, viewers: number, virtualSeconds: number): Promise<FanOut> {
  const time = new VirtualTime(1)
  const node = new LocalNode(time)
  node.start()
  await node.create(['user'])
  let arrived = 0
  const note = { sent: () => undefined, received: () => void (arrived += 1), ended: (reason: string) => console.error('ended', reason) }
  for (let n = 0; n < viewers; n += 1) attach(makeLink(make, time, node, `viewer ${n}`, note), { name: `viewer ${n}`, message: () => undefined, ended: () => undefined }, time)
  const editor = await openEditor(make, time, node)
  await time.runUntil(5_000, MAX_EVENTS)
  arrived = 0
  const from = process.cpuUsage()
  for (let n = 0; n < virtualSeconds * 5; n += 1) {
    editor.text.insert(editor.text.length, 'x')
    await time.runUntil(time.now + 200, MAX_EVENTS)
  }
  return { messages: arrived, seconds: secondsSince(from) }
}

async function openEditor(make: MakeLink, time: VirtualTime, node: LocalNode): Promise<Document> {
  const link = makeLink(make, time, node, 'editor', { sent: () => undefined, received: () => undefined, ended: () => undefined })
  const opening = realClient(link, 'editor', time)
  await time.runUntil(2_000, MAX_EVENTS)
  return opening
}

export function realClient(link: ActorLink, name: string, time: VirtualTime): Promise<Document> {
  return connect({ url: 'sim:', token: async () => 't', runtime: time.runtime(name), storage: new MemoryStorage(), transport: () => link }).open(DOCUMENT)
}

export function makeLink(make: MakeLink, time: VirtualTime, node: LocalNode, name: string, observer: LinkParts['observer']): ActorLink {
  const random = new KeyedRandom(1, `link ${name}`)
  return make({ time, random, name, identity: identityOf('user'), unary: false, model: MODEL, route: () => node, blocked: () => false, observer })
}

/** Of processor time: others on the machine do not falsify it much. */
export function secondsSince(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1e6
}
