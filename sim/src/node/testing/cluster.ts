import { type Client, connect, type Document, MemoryStorage } from '@concord/client'
import type { Ack } from '@concord/protocol'
import type { Limits } from '@concord/server/core/limits'
import { RULES } from '@concord/server/core/rules'
import type { ObservationKind, Observations } from '../../checkers/checker.ts'
import { identityOf } from '../../fakes/sim-authenticator.ts'
import { SimStorage } from '../../fakes/sim-storage.ts'
import type { StorageBugs } from '../../fakes/storage-bugs.ts'
import { KeyedRandom } from '../../kernel/keyed-random.ts'
import { Trace } from '../../kernel/trace.ts'
import { VirtualTime } from '../../kernel/virtual-time.ts'
import { messageLink } from '../../network/message/message-link.ts'
import type { ActorLink } from '../../network/network.ts'
import { PERFECT } from '../../plan/link-model.ts'
import { Observers } from '../../run/watch/observers.ts'
import { type CpuCosts, SimNode } from '../sim-node.ts'

const DOCUMENT = 'shared'

export interface ClusterOptions {
  readonly seed?: number
  readonly delayMs?: number
  readonly limits?: Partial<Limits>
  readonly units?: number
  readonly bugs?: StorageBugs
  readonly costs?: CpuCosts
}

/** A person at a real client, whose way leads to the node named `home` for as long as it runs. */
export interface ClusterActor {
  readonly name: string
  home: SimNode
  readonly link: ActorLink
  readonly client: Client
  readonly acks: Ack[]
  readonly ends: string[]
  document: Document | undefined
}

/** Two real servers on one store, real clients, and every fault by hand. */
export class Cluster {
  readonly time: VirtualTime
  readonly trace = new Trace()
  readonly storage: SimStorage
  readonly a: SimNode
  readonly b: SimNode
  readonly actors: ClusterActor[] = []
  /** Nodes that cannot reach the stores. */
  readonly cutOff = new Set<string>()
  readonly claims: Observations['claimed'][] = []
  readonly appends: Observations['appended'][] = []
  readonly #observers = new Observers()
  readonly #seed: number

  constructor({ seed = 1, delayMs = 5, limits = {}, units = 0, bugs, costs }: ClusterOptions = {}) {
    const time = new VirtualTime(seed)
    const { emit } = this.#observers
    this.#seed = seed
    this.time = time
    const blocked = (node: string): boolean => this.cutOff.has(node)
    this.storage = new SimStorage({ time, random: new KeyedRandom(seed, 'storage'), model: { delayMs }, emit, blocked, ...(bugs === undefined ? {} : { bugs }) })
    const node = (name: string): SimNode => {
      const planned = { name, region: 'r1', skewMs: 0, slowness: 1 }
      return new SimNode({ time, planned, storage: this.storage, limitPreset: 'loadtest', limits, rules: RULES, costs, emit, trace: this.trace })
    }
    this.a = node('a')
    this.b = node('b')
    this.#observers.add({ claimed: (seen) => void this.claims.push(seen), appended: (seen) => void this.appends.push(seen) })
    this.storage.create({ id: DOCUMENT, units })
    this.a.start()
    this.b.start()
  }

  on<Kind extends ObservationKind>(kind: Kind, listener: (seen: Observations[Kind]) => void): void {
    this.#observers.add({ [kind]: listener })
  }

  join(name: string, home: SimNode): ClusterActor {
    const { time, trace } = this
    this.storage.grant(DOCUMENT, name, 'editor')
    const [acks, ends]: [Ack[], string[]] = [[], []]
    const link = messageLink({
      time,
      name,
      random: new KeyedRandom(this.#seed, `link ${name}`),
      identity: identityOf(name),
      unary: false,
      model: { ...PERFECT, delayMs: 10, delayP99Ms: 40 },
      route: () => (actor.home.hubs === undefined ? [this.a, this.b].find(({ isReady }) => isReady) : actor.home),
      blocked: () => false,
      observer: {
        sent: (frame) => trace.note(time.now, name, undefined, [frame.kind], () => frame.kind),
        received: (frame, node) => {
          trace.note(time.now, node, name, [frame.kind], () => frame.kind)
          if (frame.kind === 'ack') acks.push(frame.ack)
        },
        ended: (reason, node) => (ends.push(reason), trace.note(time.now, node, name, [reason], () => reason)),
      },
    })
    const client = connect({ url: 'sim:', token: async () => 'token', runtime: time.runtime(name), storage: new MemoryStorage(), transport: () => link, undoGroupMs: 50 })
    const actor: ClusterActor = { name, home, link, client, acks, ends, document: undefined }
    this.actors.push(actor)
    void client.open(`documents/${DOCUMENT}`).then((document) => (actor.document = document))
    return actor
  }

  async run(ms: number): Promise<void> {
    await this.time.runUntil(this.time.now + ms)
  }

  /** Somebody types a character at the end of what he sees. */
  type({ document }: ClusterActor, character: string): void {
    document!.text.insert(document!.text.length, character)
  }

  /** What everybody shows, each text once. */
  texts(): string[] {
    return [...new Set(this.actors.map(({ document }) => document?.text.toString() ?? 'not open'))]
  }

  log() {
    return this.storage.log(DOCUMENT)
  }

  /** What must hold of log and acknowledgements however it went; empty when it does. */
  wrong(): string[] {
    const rows = this.log()
    const wrong: string[] = []
    const seen = new Set<string>()
    for (const [index, { version, clientId, clientSeq, epoch }] of rows.entries()) {
      if (version !== index + 1) wrong.push(`row ${index + 1} has version ${version}`)
      if (epoch < (rows[index - 1]?.epoch ?? 0)) wrong.push(`row ${version} was written under an older epoch than the row before it`)
      const name = `${clientId}/${clientSeq}`
      if (seen.has(name)) wrong.push(`${name} is in the log twice`)
      seen.add(name)
    }
    for (const { name, acks } of this.actors) {
      const told = acks.map(({ seq }) => seq)
      if (new Set(told).size !== told.length) wrong.push(`${name} heard of an edit twice`)
      for (const { version, seq, epoch } of acks) {
        const row = rows[version - 1]
        if (row?.clientSeq !== seq || row.epoch !== epoch) wrong.push(`${name} was told that version ${version} is edit ${seq}, which the log does not say`)
      }
    }
    return wrong
  }
}
