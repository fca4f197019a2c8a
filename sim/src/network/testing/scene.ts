import { type Client, connect, type Document, MemoryStorage } from '@concord/client'
import type { ClientFrame, ServerFrame } from '@concord/protocol'
import type { Limits } from '@concord/server/core/limits'
import { KeyedRandom } from '../../kernel/keyed-random.ts'
import { Trace } from '../../kernel/trace.ts'
import { VirtualTime } from '../../kernel/virtual-time.ts'
import { type LinkModel, PERFECT } from '../../plan/link-model.ts'
import type { ActorLink, LinkParts, MakeLink, NodeSide } from '../network.ts'
import { DOCUMENT, identityOf, LocalNode } from './local-node.ts'

export interface SceneOptions {
  readonly make: MakeLink
  readonly seed?: number
  readonly model?: Partial<LinkModel>
  readonly limits?: Partial<Limits>
  readonly unary?: boolean
}

/** One real client on a link, and what its link reported. */
export interface SceneActor {
  readonly name: string
  readonly link: ActorLink
  readonly client: Client
  readonly sent: ClientFrame[]
  readonly received: ServerFrame[]
  readonly ends: string[]
  document: Document | undefined
}

/** A server, some clients, and every fault by hand: what tests of links play on. */
export class Scene {
  readonly time: VirtualTime
  readonly node: LocalNode
  readonly trace = new Trace()
  readonly actors: SceneActor[] = []
  blocked: LinkParts['blocked'] = () => false
  route: () => NodeSide | undefined
  readonly #options: SceneOptions

  constructor(options: SceneOptions) {
    this.#options = options
    this.time = new VirtualTime(options.seed ?? 1)
    this.node = new LocalNode(this.time, 'node-1', options.limits)
    this.route = () => this.node
    this.node.start()
  }

  /** Opens the document for everybody named and waits until they are in. */
  async open(...names: string[]): Promise<SceneActor[]> {
    if (this.actors.length === 0) await this.node.create([...names, 'late'])
    const actors = names.map((name) => this.join(name))
    await this.run(3_000)
    return actors
  }

  join(name: string): SceneActor {
    const { time, trace } = this
    const seed = this.#options.seed ?? 1
    const [sent, received, ends]: [ClientFrame[], ServerFrame[], string[]] = [[], [], []]
    const link = this.#options.make({
      time,
      name,
      random: new KeyedRandom(seed, `link ${name}`),
      identity: identityOf(name),
      unary: this.#options.unary ?? false,
      model: { ...PERFECT, ...this.#options.model },
      route: () => this.route(),
      blocked: (node, direction) => this.blocked(node, direction),
      observer: {
        sent: (frame, bytes) => (sent.push(frame), trace.note(time.now, name, undefined, [frame.kind, bytes], () => `${frame.kind} ${bytes}`)),
        received: (frame, node, bytes) => (received.push(frame), trace.note(time.now, node, name, [frame.kind, bytes], () => `${frame.kind} ${bytes}`)),
        ended: (reason, node) => (ends.push(reason), trace.note(time.now, node, name, [reason], () => reason)),
      },
    })
    const client = connect({ url: 'sim:', token: async () => 'token', runtime: time.runtime(name), storage: new MemoryStorage(), transport: () => link, undoGroupMs: 50 })
    const actor: SceneActor = { name, link, client, sent, received, ends, document: undefined }
    void client.open(DOCUMENT).then((document) => (actor.document = document))
    this.actors.push(actor)
    return actor
  }

  async run(ms: number): Promise<void> {
    await this.time.runUntil(this.time.now + ms)
  }

  /** What everybody shows, each text once: one entry when all are the same. */
  texts(): string[] {
    return [...new Set(this.actors.map(({ document }) => document?.text.toString() ?? 'not open'))]
  }
}
