import { parse, stamp } from '@concord/ot'
import { type Change, type ClientFrame, type ClientId, encodeChange, id64, type Opened, type ServerFrame, type Submit } from '@concord/protocol'
import type { AppendOutcome, CounterName, LogRecord } from '@concord/server/ports'
import { PERFECT } from '../../plan/link-model.ts'
import type { PlanEvent } from '../../plan/plan-event.ts'
import type { Expectations, Plan, PlannedActor } from '../../plan/plan.ts'
import type { Checker, CheckerKind, FinalState, ObservationKind, Observations } from '../checker.ts'

/** Client ids of the actors of a scene. */
export const ADA: ClientId = id64(1, 1)
export const BOB: ClientId = id64(1, 2)

/** A made-up run, told to one checker piece by piece. */
export class Scene {
  readonly violations: string[] = []
  readonly logs = new Map<string, LogRecord[]>()
  now = 0
  readonly #checker: Checker

  constructor(kind: CheckerKind, { actors = [], events = [], expect = {} }: { actors?: readonly PlannedActor[]; events?: readonly PlanEvent[]; expect?: Partial<Expectations> } = {}) {
    const plan = planOf(actors, events, expect)
    this.#checker = kind.make({ plan, now: () => this.now, log: (document) => this.log(document), violated: (message) => void this.violations.push(message) })
  }

  log(document = 'notes'): LogRecord[] {
    const known = this.logs.get(document) ?? []
    this.logs.set(document, known)
    return known
  }

  see<Kind extends ObservationKind>(kind: Kind, seen: Observations[Kind]): this {
    this.#checker.on[kind]?.(seen)
    return this
  }

  claim(node: string, epoch: number, head = this.log().length): this {
    return this.see('claimed', { node, document: 'notes', epoch, head })
  }

  /** Writes a change to the log, and says so. */
  commit(change: Change, { seq = change.version, document = 'notes', node = 'n1', outcome = 'committed' as AppendOutcome } = {}): this {
    const record = recordOf(change, seq)
    if (outcome !== 'fenced') this.log(document).push(record)
    return this.see('appended', { node, document, epoch: change.epoch, expectedHead: change.version - 1, records: [record], outcome })
  }

  receive(actor: string, ...frames: readonly ServerFrame[]): this {
    for (const frame of frames) this.see('received', { actor, node: 'n1', frame })
    return this
  }

  finish(end: Partial<FinalState> & { counted?: Partial<Record<CounterName, number>> } = {}): this {
    this.#checker.finish?.({ now: this.now, replicas: [], counts: new Map(Object.entries(end.counted ?? {}) as [CounterName, number][]), ...end })
    return this
  }
}

export function actor(name: string, more: Partial<PlannedActor> = {}): PlannedActor {
  return { name, group: 'people', kind: 'editor', user: name, document: 'notes', link: 'link', deviceMs: 0, unary: false, text: 'unique', ...more }
}

/** A version in picture notation, as `3 +x`, on a document of so many units. */
export function change(version: number, units: number, notation: string, { clientId = ADA, userId = 'ada', epoch = 1, at = 1_000 } = {}): Change {
  const author = { userId, userOrdinal: 1, clientId }
  return { version, epoch, author, operation: stamp(parse(units, notation), { user: 1, client: clientId }), at }
}

export function recordOf(written: Change, clientSeq: number): LogRecord {
  const { version, epoch, author, at } = written
  return { version, epoch, clientId: author.clientId, clientSeq, userId: author.userId, at, baseVersion: version - 1, algorithm: 1, format: 1, bytes: encodeChange(written) }
}

export function opened(more: Partial<Opened> = {}): ServerFrame {
  const facts: Opened = { session: id64(1, 9), clientId: ADA, epoch: 1, head: 0, lastSeq: 0, lastVersion: 0, resume: 'changes', role: 'editor', userId: 'ada', userOrdinal: 1, durability: 'local', algorithm: 1, documentType: 'text', title: '', submitWindow: 1 }
  return { kind: 'opened', opened: { ...facts, ...more } }
}

export function changed(written: Change): ServerFrame {
  return { kind: 'change', change: written }
}

export function acked(version: number, seq: number, { at = 1_000, epoch = 1 } = {}): ServerFrame {
  return { kind: 'ack', ack: { seq, version, epoch, durability: 'local', at } }
}

export function content(version: number, text: string, offset = 0, total = text.length): ServerFrame {
  return { kind: 'snapshot', snapshot: { version, epoch: 1, hash: '0'.repeat(16), offset, total, content: parse(0, `+${JSON.stringify(text)}`) } }
}

export function submit(seq: number, baseVersion: number, units: number, notation: string, clientId = ADA): Submit {
  return { session: id64(1, 9), clientId, seq, baseVersion, operation: parse(units, notation) }
}

export function openFrame(version: number): ClientFrame {
  return { kind: 'open', open: { document: 'documents/notes', version, epoch: 1, lastSeq: 0, sdk: '', features: [], snapshot: false, algorithms: [] } }
}

function planOf(actors: readonly PlannedActor[], events: readonly PlanEvent[], expect: Partial<Expectations>): Plan {
  return {
    format: 1,
    scenario: 'made-up',
    title: '',
    seed: 1,
    level: 'message',
    world: {
      nodes: [{ name: 'n1', region: 'eu', skewMs: 0, slowness: 1 }],
      documents: [{ id: 'notes', units: 0 }, { id: 'other', units: 0 }],
      actors,
      links: { link: PERFECT, lossy: { ...PERFECT, glitch: 0.1 } },
      storage: { delayMs: 0 },
      limitPreset: 'loadtest',
      limits: {},
      cpu: false,
      route: 'first',
    },
    events,
    endMs: 1_000,
    healMs: 1_000,
    expect: { levels: [], seen: [], mayLoseTail: false, ...expect },
    bugs: [],
  }
}
