import { OperationBuilder, parse, stamp } from '@concord/ot'
import type { Ack, Change, Opened, ServerFrame, SnapshotChunk, Submit, WireError } from '@concord/protocol'
import { DocumentText } from '@concord/ot'
import type { Effect } from '../src/session/effects.ts'
import { type Rules, RULES } from '../src/session/rules.ts'
import { SessionState } from '../src/session/session-state.ts'
import type { SessionOptions } from '../src/session/session.ts'

/** Ids that scripts use. */
export const SESSION = '000000010000000a'
export const CLIENT = '0000000100000001'
export const OTHER = '0000000100000002'

/** One client played by hand: frames in notation, effects kept. */
export class SessionScript {
  readonly state: SessionState
  readonly effects: Effect[] = []
  now = 0

  constructor(options: Omit<SessionOptions, 'rules'> & { readonly rules?: Partial<Rules> } = {}) {
    this.state = new SessionState({ ...options, rules: { ...RULES, ...options.rules } })
  }

  get text(): string {
    return this.state.text.toString()
  }

  get submits(): readonly Submit[] {
    return this.effects.flatMap((effect) => (effect.kind === 'send' && effect.frame.kind === 'submit' ? [effect.frame.submit] : []))
  }

  kinds(): readonly string[] {
    return this.effects.map((effect) => effect.kind)
  }

  /** The effects of one kind. */
  of<Kind extends Effect['kind']>(kind: Kind): readonly Extract<Effect, { kind: Kind }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { kind: Kind }> => effect.kind === kind)
  }

  open(opened: Partial<Opened> = {}): this {
    this.state.connecting('documents/x')
    return this.receive({ kind: 'opened', opened: openedFrame(opened) })
  }

  /** A local edit in notation. */
  edit(notation: string): this {
    return this.take(this.state.edit(parse(this.state.text.length, notation), this.now))
  }

  /** Somebody else's version in notation, against S. */
  change(version: number, notation: string, more: Partial<Change> = {}): this {
    return this.receive({ kind: 'change', change: changeFrame(version, this.state.confirmed.length, notation, more) })
  }

  ack(seq: number, version: number, more: Partial<Ack> = {}): this {
    return this.receive({ kind: 'ack', ack: { seq, version, epoch: 1, durability: 'local', at: 0, ...more } })
  }

  reject(seq: number, error: Partial<WireError> = {}): this {
    return this.receive({ kind: 'reject', reject: { seq, error: { reason: 'ATTRIBUTE_FORBIDDEN', message: 'no', ...error } } })
  }

  content(version: number, text: string, epoch = 1): this {
    return this.receive({ kind: 'snapshot', snapshot: contentFrame(version, text, epoch) })
  }

  undo(): this {
    return this.take(this.state.undo(this.now))
  }

  redo(): this {
    return this.take(this.state.redo(this.now))
  }

  receive(frame: ServerFrame): this {
    return this.take(this.state.receive(frame, this.now))
  }

  take(effects: readonly Effect[]): this {
    this.effects.push(...effects)
    return this
  }
}

export function openedFrame(opened: Partial<Opened> = {}): Opened {
  return {
    session: SESSION, clientId: CLIENT, epoch: 1, head: 0, lastSeq: 0, lastVersion: 0, resume: 'changes', role: 'editor', userId: 'ann', userOrdinal: 1,
    durability: 'local', algorithm: 1, documentType: 'text', title: '', submitWindow: 1, ...opened,
  }
}

export function changeFrame(version: number, baseLength: number, notation: string, more: Partial<Change> = {}): Change {
  const author = { userId: 'bob', userOrdinal: 2, clientId: OTHER }
  return { version, epoch: 1, author, operation: stamp(parse(baseLength, notation), { user: 2, client: OTHER }), at: 0, ...more }
}

export function contentFrame(version: number, text: string, epoch = 1): SnapshotChunk {
  const content = new OperationBuilder(0).insert(text).build()
  return { version, epoch, hash: DocumentText.from(content).hash(), offset: 0, total: text.length, content }
}
