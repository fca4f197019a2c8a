import { DocumentText, fromDelta, type DeltaComponent, type Operation } from '@concord/ot'
import type { Ack, ClientId, Open, Opened, ServerFrame, SessionId, Submit } from '@concord/protocol'
import { openMemoryStores } from '../../adapters/memory/open-memory-stores.ts'
import { MemoryData } from '../../adapters/memory/memory-data.ts'
import { composeWithRules, type Server, type ServerOptions } from '../../compose.ts'
import type { CounterName, DocumentKey, GaugeName, Identity, Telemetry } from '../../ports/index.ts'
import type { SessionHandle, SubmitDecision } from '../carrier.ts'
import { RULES, type ServerRules } from '../rules.ts'
import { VirtualRuntime } from './virtual-runtime.ts'

export const DOC: DocumentKey = { tenant: 'local', id: 'notes' }
export const NAME = 'documents/notes'

export function person(userId: string, more: Partial<Identity> = {}): Identity {
  return { kind: 'identity', tenant: 'local', userId, name: userId, audience: 'concord', expiresAt: Number.MAX_SAFE_INTEGER, ...more }
}

export class RecordingTelemetry implements Telemetry {
  readonly counts = new Map<CounterName, number>()
  readonly gauges = new Map<GaugeName, number>()
  readonly lines: string[] = []

  log(level: string, message: string, fields: Readonly<Record<string, string | number | boolean>> = {}): void {
    this.lines.push(`${level} ${message} ${JSON.stringify(fields)}`)
  }

  count(metric: CounterName, by = 1): void {
    this.counts.set(metric, (this.counts.get(metric) ?? 0) + by)
  }

  observe(): void {}

  gauge(metric: GaugeName, value: number): void {
    this.gauges.set(metric, value)
  }
}

export interface WorldOptions extends ServerOptions {
  readonly rules?: Partial<ServerRules>
  readonly data?: MemoryData
  readonly runtime?: VirtualRuntime
}

/** A server on memory stores under virtual time, with a document `notes` that ada owns, bob edits and vic views. Without rates, unless a test sets one. */
export class World {
  readonly runtime: VirtualRuntime
  readonly data: MemoryData
  readonly telemetry = new RecordingTelemetry()
  readonly stores: ReturnType<typeof openMemoryStores>
  readonly server: Server

  constructor(options: WorldOptions = {}) {
    this.runtime = options.runtime ?? new VirtualRuntime()
    this.data = options.data ?? new MemoryData()
    this.stores = openMemoryStores(this.data)
    const { opLog, snapshots, documents } = this.stores
    const authenticator = { verify: () => Promise.reject(new Error('no tokens here')) }
    const ports = { opLog, snapshots, documents, authenticator, telemetry: this.telemetry, runtime: this.runtime }
    this.server = composeWithRules(ports, { limitPreset: 'loadtest', ...options }, { ...RULES, ...options.rules })
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const world = new World(options)
    const { documents } = world.stores
    await documents.create(DOC, { title: 'Notes', type: 'text', creator: 'ada', at: 1 })
    await documents.setGrant(DOC, { userId: 'bob', role: 'editor' })
    await documents.setGrant(DOC, { userId: 'vic', role: 'viewer' })
    return world
  }

  /** The process dies and another one starts on the same disk. */
  restart(options: WorldOptions = {}): World {
    return new World({ ...options, data: this.data, runtime: this.runtime })
  }

  settle(): Promise<void> {
    return this.runtime.settle()
  }

  /** Opens and reads everything that is due. Throws what the server refuses with. */
  async open(userId: string, open: Partial<Open> = {}): Promise<TestClient> {
    const client = new TestClient(this, person(userId))
    await client.open(open)
    return client
  }

  async text(): Promise<string> {
    const state = await this.finish(this.server.access.read(DOC))
    if (state.kind === 'failure') throw new Error(state.error.reason)
    return state.text.toString()
  }

  count(metric: CounterName): number {
    return this.telemetry.counts.get(metric) ?? 0
  }

  /** Waits for a promise while the runtime does what it needs. */
  async finish<T>(promise: Promise<T>): Promise<T> {
    const done = promise.finally(() => undefined)
    done.catch(() => undefined)
    await this.runtime.settle()
    return done
  }
}

/** A client that does nothing by itself: it says what a test says, and keeps what it hears. */
export class TestClient {
  readonly frames: ServerFrame[] = []
  readonly text = DocumentText.empty()
  wakes = 0
  handle!: SessionHandle
  opened!: Opened
  private readonly world: World
  readonly identity: Identity

  constructor(world: World, identity: Identity) {
    this.world = world
    this.identity = identity
  }

  get clientId(): ClientId {
    return this.opened.clientId
  }

  get session(): SessionId {
    return this.opened.session
  }

  async open(open: Partial<Open> = {}): Promise<void> {
    const whole: Open = { document: NAME, version: 0, epoch: 0, lastSeq: 0, sdk: 'test', features: [], snapshot: false, algorithms: [1], ...open }
    const handle = await this.world.finish(this.world.server.sessions.open(this.identity, whole, () => void this.wakes++))
    if (handle.kind === 'failure') throw new Error(handle.error.reason)
    this.handle = handle
    await this.read()
    const [first] = this.frames
    if (first?.kind !== 'opened') throw new Error('the first frame is not opened')
    this.opened = first.opened
  }

  /** Pulls until nothing is due. Returns what came. */
  async read(maxBytes = 1_000_000): Promise<ServerFrame[]> {
    const before = this.frames.length
    for (let quiet = 0; quiet < 2; ) {
      await this.world.settle()
      const frames = this.handle.pull(maxBytes)
      for (const { value } of frames) this.frames.push(value)
      quiet = frames.length === 0 ? quiet + 1 : 0
    }
    return this.frames.slice(before)
  }

  submitOf(seq: number, baseVersion: number, operation: Operation): Submit {
    return { session: this.session, clientId: this.clientId, seq, baseVersion, operation }
  }

  /** Says it in the stream, without waiting. */
  send(seq: number, baseVersion: number, operation: Operation): void {
    this.handle.receive({ kind: 'submit', submit: this.submitOf(seq, baseVersion, operation) })
  }

  /** Says it by a unary call and waits for the decision. */
  submit(seq: number, baseVersion: number, operation: Operation): Promise<SubmitDecision> {
    return this.world.finish(this.world.server.sessions.submit(this.identity, NAME, this.submitOf(seq, baseVersion, operation)))
  }

  async commit(seq: number, baseVersion: number, operation: Operation): Promise<Ack> {
    const decision = await this.submit(seq, baseVersion, operation)
    if (decision.kind !== 'ack') throw new Error(decision.kind === 'reject' ? decision.reject.error.reason : decision.error.reason)
    return decision.ack
  }
}

/** `delta(3, { retain: 3 }, { insert: 'x' })` */
export function delta(baseLength: number, ...components: DeltaComponent[]): Operation {
  return fromDelta(baseLength, components)
}

/** Frames in short, in order: `opened changes`, `change 3`, `ack 2@4`, ... */
export function brief(frames: readonly ServerFrame[]): string[] {
  return frames.map((frame) => {
    switch (frame.kind) {
      case 'opened':
        return `opened ${frame.opened.resume}`
      case 'snapshot':
        return `snapshot ${frame.snapshot.version}`
      case 'change':
        return `change ${frame.change.version}`
      case 'ack':
        return `ack ${frame.ack.seq}@${frame.ack.version}`
      case 'reject':
        return `reject ${frame.reject.seq} ${frame.reject.error.reason}`
      case 'notice':
        return `notice ${frame.notice.kind}`
      case 'composed':
        return `composed ${frame.composed.fromVersion}-${frame.composed.toVersion}`
      case 'mark':
        return `mark ${frame.version}`
    }
  })
}
