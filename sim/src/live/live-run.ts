import { systemRuntime } from '@concord/runtime'
import type { LogRecord } from '@concord/server/ports'
import type { Replica } from '../checkers/checker.ts'
import type { PlanEvent } from '../plan/plan-event.ts'
import type { Plan } from '../plan/plan.ts'
import { CpuMeter } from './cpu-meter.ts'
import { GroupProcess } from './group/group-process.ts'
import { type Expected, type Group, LiveGroup, wallNow } from './group/live-group.ts'
import { type Grant, LiveDocuments } from './live-documents.ts'
import { type Recorded, Recording, SharedFrames } from './judge/recording.ts'
import type { LoggedLine, ServerProcess } from './server-process.ts'
import { type Skipped, skippedOf } from './plan/skipped.ts'
import { IN_PROCESS, PER_PROCESS, splitActors } from './group/split-actors.ts'
import { Tokens } from './group/tokens.ts'

/** Everybody is ready, and this later it begins: orders take a while to reach other processes. */
const LEAD_MS = 300

/** A healed world is asked this often whether it has come to rest, and this long after it was healed. */
const ASK_MS = 500
const FIRST_ASK_MS = 2_000

/** A content that differs is found and put right within this, also when nobody types (R16). */
const DIVERGENCE_MS = 6_000

export interface LiveRunParts {
  readonly plan: Plan
  /** Undefined: it is not ours. */
  readonly server: ServerProcess | undefined
  readonly url: string
  readonly streams: number
  readonly processes: number | undefined
  /** What the server logged, at times of the monotonic clock. */
  readonly logged: { readonly line: LoggedLine; readonly at: number }[]
  readonly progress: (what: string, doneMs?: number) => void
}

export interface LiveEnd {
  readonly entries: readonly Recorded[]
  readonly replicas: readonly Replica[]
  readonly logs: ReadonlyMap<string, readonly LogRecord[]>
  readonly heads: ReadonlyMap<string, number>
  readonly skipped: readonly Skipped[]
  readonly cpu: CpuMeter
  readonly healedAt: number
  readonly endedAt: number
  readonly latestMs: number
  readonly processes: number
  readonly proxies: string
}

type WorldEvent = Exclude<PlanEvent, { readonly actor: string }>

/** One live run: what happens to the server and to documents, while groups of actors do their part. */
export class LiveRun {
  readonly logged: { readonly line: LoggedLine; readonly at: number }[]
  readonly #parts: LiveRunParts
  readonly #skipped: readonly Skipped[]
  readonly #documents: LiveDocuments
  readonly #recording: Recording
  readonly #cpu: CpuMeter
  readonly #under: Promise<void>[] = []
  #began = 0
  readonly #groups: Group[] = []
  #processes = 0
  #phase = 'running'

  constructor(parts: LiveRunParts) {
    this.#parts = parts
    this.logged = parts.logged
    this.#skipped = skippedOf(parts.plan, { isOurs: parts.server !== undefined })
    this.#documents = new LiveDocuments(parts.url, new Tokens(parts.url))
    this.#recording = new Recording(this.#now, () => '')
    this.#cpu = new CpuMeter(this.#now, () => parts.server?.cpuMs())
  }

  async toTheEnd(): Promise<LiveEnd> {
    const { plan, progress } = this.#parts
    try {
      progress(`making ${plan.world.documents.length} documents`)
      const heads = await this.#documents.prepare(plan.world.documents, grantsOf(plan))
      await this.#open()
      await this.#disturb()
      const healedAt = this.#now()
      await this.#heal(healedAt + plan.healMs)
      return await this.#end(heads, healedAt)
    } finally {
      this.#cpu.end()
      await Promise.allSettled([this.#leave(), this.#documents.close()])
    }
  }

  readonly #now = (): number => wallNow() - this.#began

  async #leave(): Promise<void> {
    await Promise.allSettled(this.#groups.splice(0).map((group) => group.close()))
  }

  async #open(): Promise<void> {
    const { plan, url, streams, progress } = this.#parts
    const { hostname, port } = new URL(url)
    const target = { host: hostname, port: Number(port === '' ? 80 : port) }
    const skipped = this.#skipped.map(({ id }) => id)
    this.#processes = this.#parts.processes ?? (plan.world.actors.length <= IN_PROCESS ? 0 : Math.ceil(plan.world.actors.length / PER_PROCESS))
    for (const actors of splitActors(plan, Math.max(1, this.#processes))) {
      progress(`${actors.length} clients get ready`)
      const parts = { plan, actors, skipped, url, target, streams }
      this.#groups.push(this.#processes === 0 ? await LiveGroup.open(parts) : await GroupProcess.open(parts))
    }
  }

  async #disturb(): Promise<void> {
    const { plan } = this.#parts
    this.#began = wallNow() + LEAD_MS
    await Promise.all(this.#groups.map((group) => group.begin(this.#began)))
    this.#cpu.begin()
    const skipped = new Set(this.#skipped.map(({ id }) => id))
    for (const event of plan.events) {
      if ('actor' in event || skipped.has(event.id) || event.at >= plan.endMs) continue
      await this.#until(event.at)
      this.#recording.emit('event', { id: event.id, kind: event.kind })
      this.#under.push(this.#apply(event))
    }
    await this.#until(plan.endMs)
  }

  /** What takes its time, as a start does, does not keep the next event waiting. */
  async #apply(event: WorldEvent): Promise<void> {
    const { server } = this.#parts
    switch (event.kind) {
      case 'kill':
        return server?.kill()
      case 'start':
        await Promise.allSettled(this.#under.slice(0, -1))
        return server?.start()
      case 'drain':
        return server?.drain()
      case 'pause':
        return server?.pause()
      case 'resume':
        return server?.resume()
      case 'role':
        return this.#role(event.document, event.user, event.role, ['refusal'])
      case 'revoke':
        return this.#role(event.document, event.user, undefined, ['refusal', 'end'])
      case 'delete':
        await this.#expect(event.document, undefined, ['refusal', 'end'])
        return this.#documents.delete(event.document)
      default:
        return
    }
  }

  async #role(document: string, user: string, role: Grant['role'] | undefined, what: readonly Expected[]): Promise<void> {
    await this.#expect(document, user, what)
    await this.#documents.grant(document, user, role)
    this.#recording.emit('role', { document, user, role })
  }

  async #expect(document: string, user: string | undefined, what: readonly Expected[]): Promise<void> {
    await Promise.all(this.#groups.map((group) => group.expect(document, user, what)))
  }

  async #heal(deadline: number): Promise<void> {
    const { server } = this.#parts
    this.#phase = 'the faults end'
    await Promise.all(this.#under)
    server?.resume()
    await server?.start()
    await Promise.all(this.#groups.map((group) => group.heal()))
    await this.#until(this.#now() + FIRST_ASK_MS)
    await this.#rest(deadline)
    await this.#until(this.#now() + DIVERGENCE_MS)
    await this.#rest(deadline)
  }

  async #rest(deadline: number): Promise<void> {
    while (this.#now() < deadline) {
      const unrest = (await Promise.all(this.#groups.map((group) => group.unrest()))).find((why) => why !== undefined)
      if (unrest === undefined) return
      this.#phase = `waiting: ${unrest}`
      await this.#until(Math.min(deadline, this.#now() + ASK_MS))
    }
  }

  async #end(heads: ReadonlyMap<string, number>, healedAt: number): Promise<LiveEnd> {
    const { plan, progress } = this.#parts
    const endedAt = this.#now()
    progress('reading logs and recordings', endedAt)
    const deleted = new Set(plan.events.flatMap((event) => (event.kind === 'delete' && 'document' in event ? [event.document] : [])))
    const found = []
    for (const group of this.#groups) found.push(await group.findings())
    // Clients that never came to rest would keep the server from telling its logs.
    await this.#leave()
    const logs = await this.#documents.logs(plan.world.documents.filter(({ id }) => !deleted.has(id)))
    const entries = [...this.#recording.entries, ...this.#logged(), ...found.flatMap((group) => this.#shared(group.entries))].sort((a, b) => a.at - b.at)
    return {
      entries,
      replicas: found.flatMap(({ replicas }) => replicas),
      logs,
      heads,
      skipped: this.#skipped,
      cpu: this.#cpu,
      healedAt,
      endedAt,
      latestMs: Math.max(0, ...found.map(({ latestMs }) => latestMs)),
      processes: this.#processes,
      proxies: 'TCP proxies on this machine',
    }
  }

  #logged(): Recorded[] {
    const node = this.#parts.plan.world.nodes[0]?.name ?? 'server'
    const zero = systemRuntime.clock.monotonic() - this.#now()
    return this.logged.map(({ line, at }) => ({ at: at - zero, kind: 'logged', seen: { node, ...line } }))
  }

  /** What came from another process is a copy for each reader. */
  #shared(entries: readonly Recorded[]): readonly Recorded[] {
    if (this.#processes === 0) return entries
    const documents = new Map(this.#parts.plan.world.actors.map(({ name, document }) => [name, document]))
    const frames = new SharedFrames((actor) => documents.get(actor) ?? '')
    return entries.map((entry) => (entry.kind === 'received' ? ({ ...entry, seen: frames.kept('received', entry.seen) } as Recorded) : entry))
  }

  async #until(at: number): Promise<void> {
    for (let left = at - this.#now(); left > 0; left = at - this.#now()) {
      this.#parts.progress(this.#phase, Math.max(0, this.#now()))
      await new Promise<void>((resolve) => void systemRuntime.timers.set(Math.min(left, 1_000), resolve))
    }
  }
}

/** Hostile actors that try to write with a reader's role have one. */
function grantsOf({ world, events }: Plan): Grant[] {
  const readers = new Set(events.flatMap((event) => (event.kind === 'attack' && event.trick === 'submit as viewer' ? [event.actor] : [])))
  const grants = world.actors.map(({ document, user, kind, name }): Grant => ({ document, user, role: kind === 'viewer' || readers.has(name) ? 'viewer' : 'editor' }))
  return [...new Map(grants.map((grant) => [`${grant.document} ${grant.user}`, grant])).values()]
}
