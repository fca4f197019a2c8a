import { type Operation, OperationBuilder } from '@concord/ot'
import type { ClientFrame, ClientId, Submit } from '@concord/protocol'
import type { Trick } from '../plan/tricks.ts'
import type { Foothold } from './hostile.ts'

/** One bad message and the answers that the protocol allows (`docs/spec.md`). A session that goes on as though nothing had been said is `silence`. */
export interface Attack {
  /** Reasons of errors, `resync:...`, `ack`. What a stream answers by a resync or not at all, a call of its own names. */
  readonly expected: readonly string[]
  /** An own operation has to be in the log before. */
  readonly needsCommit: boolean
  /** The bad message is a submit: whoever may only read is refused for that first. */
  readonly isSubmit: boolean
  /** The attack is the open itself, with this client id. */
  readonly opensAs?: (foreign: ClientId | undefined) => ClientId | undefined
  /** Undefined: what is known does not suffice. */
  readonly strike?: (known: Foothold) => Strike | undefined
}

interface Strike {
  readonly frame: ClientFrame
  /** Another session of the same client id is opened just before. */
  readonly replaces: boolean
}

/** A submit that is right but for what `change` does to it. */
function submit(expected: readonly string[], change: (good: Submit, known: Foothold) => Submit | undefined, options: { needsCommit?: boolean; replaces?: boolean } = {}): Attack {
  const strike = (known: Foothold): Strike | undefined => {
    const bad = change(goodSubmit(known), known)
    return bad === undefined ? undefined : { frame: { kind: 'submit', submit: bad }, replaces: options.replaces ?? false }
  }
  return { expected: [...expected, ...OF_THE_SESSION], needsCommit: options.needsCommit ?? false, isSubmit: true, strike }
}

/** Whatever a submit says: its session may be over, and its base too old to be merged. Each refuses it without looking further. */
const OF_THE_SESSION = ['SESSION_REPLACED', 'SESSION_UNKNOWN', 'VERSION_COMPACTED']

function goodSubmit({ opened, version, length, lastSeq }: Foothold): Submit {
  const seq = Math.max(lastSeq, opened.lastSeq) + 1
  return { session: opened.session, clientId: opened.clientId, seq, baseVersion: version, operation: new OperationBuilder(length).insert('x').build() }
}

const INSERT = 1
const RETAIN = 0

export const ATTACKS: Readonly<Record<Trick, Attack>> = {
  'open with foreign client id': { expected: ['CLIENT_ID_FOREIGN', 'CLIENT_ID_UNKNOWN'], needsCommit: false, isSubmit: false, opensAs: (foreign) => foreign },
  'reuse seq with other bytes': submit(['SEQ_REUSED'], (good, { committed }) => committed && { ...good, seq: committed.seq, baseVersion: committed.baseVersion, operation: otherThan(committed.operation) }, { needsCommit: true }),
  'lower seq': submit(['FIELD_INVALID', 'silence'], (good, { committed }) => (committed === undefined || committed.seq < 1 ? undefined : { ...good, seq: committed.seq - 1 }), { needsCommit: true }),
  'submit to replaced session': submit(['SESSION_REPLACED', 'SESSION_UNKNOWN'], (good) => good, { replaces: true }),
  'base above head': submit(['VERSION_AHEAD'], (good) => ({ ...good, baseVersion: good.baseVersion + 1_000_000 })),
  'base below own commit': submit(['FIELD_INVALID'], (good, { committed }) => committed && { ...good, baseVersion: committed.baseVersion, operation: otherThan(committed.operation) }, { needsCommit: true }),
  'wrong base length': submit(['resync:diverged', 'DIVERGED'], (good, { length }) => ({ ...good, operation: new OperationBuilder(length + 7).insert('x').build() })),
  'empty operation': submit(['OPERATION_EMPTY'], (good, { length }) => ({ ...good, operation: new OperationBuilder(length).build() })),
  'non-canonical operation': submit(['OPERATION_NOT_CANONICAL'], (good, { length }) => ({ ...good, operation: raw(length, [INSERT, INSERT], 'xy') })),
  'lone surrogate': submit(['OPERATION_MALFORMED'], (good, { length }) => ({ ...good, operation: raw(length, [INSERT], '\ud800') })),
  'unknown attribute': submit(['ATTRIBUTE_FORBIDDEN'], (good, { length }) => ({ ...good, operation: new OperationBuilder(length).insert('x', { onclick: 'x' }).build() })),
  'submit as viewer': submit(['ROLE_REQUIRED', 'ack'], (good) => good),
  'foreign session id': submit(['SESSION_UNKNOWN', 'SESSION_REPLACED'], (good) => ({ ...good, session: flipped(good.session) })),
  'second open': {
    expected: ['FIELD_INVALID', 'FRAME_MALFORMED'],
    needsCommit: false,
    isSubmit: false,
    strike: ({ opened }) => ({ replaces: false, frame: { kind: 'open', open: { document: 'documents/another', clientId: opened.clientId, version: 0, epoch: 0, lastSeq: 0, sdk: 'hostile', features: [], snapshot: false, algorithms: [] } } }),
  },
}

/** Components as they stand on the wire, of one unit each: what no builder makes. */
function raw(baseLength: number, kinds: readonly number[], text: string): Operation {
  return { baseLength, components: kinds.map((kind) => 4 + (kind === INSERT ? INSERT : RETAIN)), text, attributes: [], embeds: [], keys: [] }
}

function otherThan({ baseLength }: Operation): Operation {
  return new OperationBuilder(baseLength).insert('other').build()
}

function flipped(session: string): string {
  return session.slice(0, -1) + (session.endsWith('0') ? '1' : '0')
}
