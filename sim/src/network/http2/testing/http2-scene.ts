import { type Client, connect, type Document, MemoryStorage } from '@concord/client'
import type { ClientFrame, ServerFrame } from '@concord/protocol'
import type { EdgeLimits } from '@concord/server/rpc/edge-limits'
import type { Duplex } from 'node:stream'
import { SimAuthenticator, tokenOf } from '../../../fakes/sim-authenticator.ts'
import { guarded } from '../../../kernel/guard.ts'
import { KeyedRandom } from '../../../kernel/keyed-random.ts'
import { Trace } from '../../../kernel/trace.ts'
import { VirtualTime } from '../../../kernel/virtual-time.ts'
import { type LinkModel, PERFECT } from '../../../plan/link-model.ts'
import type { ActorLink, LinkParts, NodeSide } from '../../network.ts'
import { DOCUMENT, identityOf, LocalNode } from '../../testing/local-node.ts'
import { EdgeNode } from '../edge-node.ts'
import { HTTP2_TURNS, Http2Level } from '../http2-link.ts'

/** The node of link tests with the real edge in front of it. */
export class Http2Node extends LocalNode {
  edge: EdgeNode | undefined
  readonly #limits: Partial<EdgeLimits>

  constructor(time: VirtualTime, limits: Partial<EdgeLimits> = {}) {
    super(time)
    this.#limits = limits
  }

  override start(): void {
    super.start()
    this.edge = new EdgeNode(this.server!, new SimAuthenticator(() => true), this.#limits)
  }

  readonly accept = (connection: Duplex): void => this.edge?.accept(connection)
}

export interface Http2Actor {
  readonly name: string
  readonly link: ActorLink
  readonly client: Client
  readonly sent: ClientFrame[]
  readonly received: ServerFrame[]
  readonly ends: string[]
  document: Document | undefined
}

export interface Http2SceneOptions {
  readonly seed?: number
  readonly model?: Partial<LinkModel>
  readonly unary?: boolean
  readonly turns?: number
  readonly edgeLimits?: Partial<EdgeLimits>
}

/** A server behind its real edge, real clients over real HTTP/2, and every fault by hand. */
export class Http2Scene {
  readonly time: VirtualTime
  readonly node: Http2Node
  readonly trace = new Trace()
  readonly level = new Http2Level()
  readonly actors: Http2Actor[] = []
  blocked: LinkParts['blocked'] = () => false
  route: () => NodeSide | undefined
  readonly #options: Http2SceneOptions

  constructor(time: VirtualTime, options: Http2SceneOptions) {
    this.#options = options
    this.time = time
    this.node = new Http2Node(time, options.edgeLimits)
    this.route = () => this.node
    this.node.start()
  }

  /** Opens the document for everybody named and waits until they are in. */
  async open(...names: string[]): Promise<Http2Actor[]> {
    if (this.actors.length === 0) await this.node.create(names)
    const actors = names.map((name) => this.join(name))
    await this.run(3_000)
    return actors
  }

  join(name: string): Http2Actor {
    const { time, trace } = this
    const { seed = 1, unary = false, model } = this.#options
    const [sent, received, ends]: [ClientFrame[], ServerFrame[], string[]] = [[], [], []]
    const link = this.level.link({
      time,
      name,
      random: new KeyedRandom(seed, `link ${name}`),
      identity: identityOf(name),
      unary,
      model: { ...PERFECT, ...model },
      route: () => this.route(),
      blocked: (node, direction) => this.blocked(node, direction),
      observer: {
        sent: (frame, bytes) => (sent.push(frame), trace.note(time.now, name, undefined, [frame.kind, bytes], () => `${frame.kind}, ${bytes} bytes`)),
        received: (frame, node, bytes) => (received.push(frame), trace.note(time.now, node, name, [frame.kind, bytes], () => `${frame.kind}, ${bytes} bytes`)),
        ended: (reason, node) => (ends.push(reason), trace.note(time.now, node, name, [reason], () => reason)),
      },
    })
    const client = connect({ url: 'sim:', token: async () => tokenOf(name), runtime: time.runtime(name), storage: new MemoryStorage(), transport: () => link, undoGroupMs: 50 })
    const actor: Http2Actor = { name, link, client, sent, received, ends, document: undefined }
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

/** Plays `play` under the guard, with clocks and timers of libraries virtual, then lets go of everything. */
export function playing<T>(options: Http2SceneOptions, play: (scene: Http2Scene) => Promise<T>): Promise<T> {
  const time = new VirtualTime(options.seed ?? 1, options.turns ?? HTTP2_TURNS)
  const run = async (): Promise<T> => {
    const scene = new Http2Scene(time, options)
    try {
      return await play(scene)
    } finally {
      await scene.level.release()
    }
  }
  return guarded(run, { kind: 'http2', runtime: time.runtime('libraries') })
}
