import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { attributes, OperationBuilder } from '@concord/ot'
import { ClientFrameSchema, ServerFrameSchema } from '@concord/proto'
import { describe, expect, test } from 'vitest'
import { REASONS, type Reason, type WireError } from '../errors.ts'
import type { Change, ClientFrame, Notice, Opened, ServerFrame } from '../frames.ts'
import { id64, NO_ID } from '../ids.ts'
import { authorKey, decodeChange, encodeChange } from './change-codec.ts'
import { clientFrameFromProto, clientFrameToProto } from './client-frame-codec.ts'
import { decodeStatus, encodeStatus, reasonOfCode } from './error-codec.ts'
import { clientPresenceFromProto, clientPresenceToProto, serverPresenceFromProto, serverPresenceToProto } from './presence-codec.ts'
import { serverFrameFromProto, serverFrameToProto } from './server-frame-codec.ts'
import { decodeServerMessage, encodeEnvelopedServerFrame, ENVELOPE_BYTES } from './server-message.ts'
import { decodeSocketClientMessage, decodeSocketServerMessage, encodeSocketClientMessage, encodeSocketServerMessage, packRecords, unpackRecords } from './socket-codec.ts'
import { readVarint, varintLength, writeVarint } from './varint.ts'

const CLIENT = id64(7, 0xffffffff)
const AUTHOR = { userId: 'ada', userOrdinal: 3, clientId: CLIENT }
const plain = new OperationBuilder(12)
  .retain(5, { bold: true, color: null })
  .insert('é😀', { link: 'https://example.org', heading: 2 })
  .insertEmbed({ type: 'image', data: '{"src":"a"}' })
  .delete(3)
  .build()
const keyed = { ...plain, keys: [authorKey(AUTHOR)] }
const grouped = new OperationBuilder(2).key({ user: 1, client: id64(1, 1) }).insert('a').key({ user: 2, client: id64(1, 2) }).insert('b').build()
const change: Change = { version: 42, epoch: 7, author: AUTHOR, operation: keyed, at: 1_700_000_000_123, hash: id64(0x80000000, 1) }
const opened: Opened = {
  session: id64(7, 9),
  clientId: CLIENT,
  epoch: 7,
  head: 42,
  lastSeq: 3,
  lastVersion: 41,
  resume: 'snapshot',
  reason: 'history_forked',
  role: 'commenter',
  userId: 'ada',
  userOrdinal: 3,
  durability: 'quorum',
  algorithm: 1,
  documentType: 'text',
  title: 'Notes',
  submitWindow: 1,
}
const error: WireError = { reason: 'RATE_LIMITED', message: 'too fast', retryAfterMs: 1500, field: 'submit.seq', metadata: { limit: '50' } }
const NOTICES: readonly Notice[] = [
  { kind: 'title', title: 'x' },
  { kind: 'role', role: 'viewer' },
  { kind: 'deleted' },
  { kind: 'drain', reconnectAfterMs: 5 },
  { kind: 'pace', paceMs: 9 },
  { kind: 'degradation', level: 3 },
]

const CLIENT_FRAMES: readonly ClientFrame[] = [
  { kind: 'open', open: { document: 'documents/a', version: 0, epoch: 0, lastSeq: 0, sdk: 's', features: [], snapshot: false, algorithms: [] } },
  { kind: 'open', open: { document: 'documents/a', clientId: CLIENT, version: 9, epoch: 2, lastSeq: 4, sdk: 's', features: ['f'], snapshot: true, algorithms: [2, 1] } },
  { kind: 'submit', submit: { session: id64(7, 9), clientId: CLIENT, seq: 1, baseVersion: 2 ** 53 - 1, operation: plain } },
  { kind: 'progress', version: 3 },
  { kind: 'progress', version: 3, hash: id64(1, 2) },
  { kind: 'refresh', token: 't' },
]

const SERVER_FRAMES: readonly ServerFrame[] = [
  { kind: 'opened', opened },
  { kind: 'snapshot', snapshot: { version: 4, epoch: 2, hash: id64(5, 6), offset: 0, total: 2, content: new OperationBuilder(0).insert('hi').build() } },
  { kind: 'change', change },
  { kind: 'ack', ack: { seq: 3, version: 42, epoch: 7, durability: 'local', at: 5, operation: keyed, hash: id64(1, 1) } },
  { kind: 'ack', ack: { seq: 3, version: 42, epoch: 7, durability: 'volatile', at: 5 } },
  { kind: 'reject', reject: { seq: 3, error } },
  { kind: 'composed', composed: { fromVersion: 1, toVersion: 3, epoch: 2, operation: grouped } },
  { kind: 'mark', version: 3, hash: id64(1, 2) },
  ...NOTICES.map((notice): ServerFrame => ({ kind: 'notice', notice })),
]

describe('values survive the wire', () => {
  test.each(CLIENT_FRAMES.map((frame) => [frame.kind, frame] as const))('client frame %s', (_, frame) => {
    const bytes = toBinary(ClientFrameSchema, clientFrameToProto(frame))
    expect(clientFrameFromProto(fromBinary(ClientFrameSchema, bytes))).toEqual(frame)
    const record = encodeSocketClientMessage({ kind: 'frame', frame })
    expect(decodeSocketClientMessage(record)).toEqual({ kind: 'frame', frame })
  })

  test.each(SERVER_FRAMES.map((frame) => [frame.kind, frame] as const))('server frame %s, in an envelope whose length fits', (_, frame) => {
    const bytes = toBinary(ServerFrameSchema, serverFrameToProto(frame))
    expect(serverFrameFromProto(fromBinary(ServerFrameSchema, bytes))).toEqual(frame)
    const enveloped = encodeEnvelopedServerFrame(frame)
    const message = enveloped.subarray(ENVELOPE_BYTES)
    expect([enveloped[0], new DataView(enveloped.buffer).getUint32(1)]).toEqual([0, message.length])
    expect(decodeServerMessage(message)).toEqual(frame)
    expect(decodeSocketServerMessage(message)).toEqual({ kind: 'frame', frame })
  })

  test('a change is spliced in as the bytes of the log, of any length', () => {
    for (const units of [1, 100, 200, 20_000]) {
      const long: Change = { ...change, operation: { ...new OperationBuilder(0).insert('x'.repeat(units)).build(), keys: [authorKey(AUTHOR)] } }
      const bytes = encodeChange(long)
      expect(encodeEnvelopedServerFrame({ kind: 'change', change: long }, bytes)).toEqual(encodeEnvelopedServerFrame({ kind: 'change', change: long }))
      expect(decodeServerMessage(encodeEnvelopedServerFrame({ kind: 'change', change: long }, bytes).subarray(ENVELOPE_BYTES))).toEqual({ kind: 'change', change: long })
      expect(decodeChange(bytes)).toEqual(long)
    }
  })

  test("R13 ties: the author's key costs no bytes, another's is kept", () => {
    const other = { ...change, operation: { ...plain, keys: [{ user: 9, client: CLIENT }] } }
    expect(encodeChange(change).length).toBeLessThan(encodeChange(other).length)
    expect(decodeChange(encodeChange(other))).toEqual(other)
    const deletion = { ...change, operation: new OperationBuilder(3).delete(1).build() }
    expect(decodeChange(encodeChange(deletion))).toEqual(deletion)
  })

  test('presence both ways', () => {
    const state = { name: 'Ada', color: '#aabbcc', selection: { version: 3, anchor: 1, head: 9 }, activity: 'typing', data: '{}' } as const
    const said = [{ kind: 'open', document: 'documents/a', clientId: CLIENT, anonymous: true }, { kind: 'state', state }, { kind: 'beat' }, { kind: 'refresh', token: 't' }] as const
    for (const message of said) expect(clientPresenceFromProto(clientPresenceToProto(message))).toEqual(message)
    const server = { updated: [{ clientId: CLIENT, userId: 'ada', state }], left: [id64(1, 2)], detail: 'sampled', count: 7 } as const
    expect(serverPresenceFromProto(serverPresenceToProto(server))).toEqual(server)
    expect(decodeSocketServerMessage(encodeSocketServerMessage({ kind: 'presence', presence: server }))).toEqual({ kind: 'presence', presence: server })
  })

  test('socket: hello, welcome, close, closed, and several records in one message', () => {
    for (const message of [{ kind: 'hello', token: 't', sdk: 's' }, { kind: 'close' }] as const) expect(decodeSocketClientMessage(encodeSocketClientMessage(message))).toEqual(message)
    for (const message of [{ kind: 'welcome', userId: 'u' }, { kind: 'closed', error }] as const) expect(decodeSocketServerMessage(encodeSocketServerMessage(message))).toEqual(message)
    const records = [{ channel: 0, payload: new Uint8Array(0) }, { channel: 300, payload: new Uint8Array(200).fill(7) }]
    expect(unpackRecords(packRecords(records))).toEqual(records)
  })

  test('every reason survives with its code; a foreign status gets the reason of its code', () => {
    for (const reason of Object.keys(REASONS) as Reason[]) expect(decodeStatus(encodeStatus({ ...error, reason }))).toEqual({ ...error, reason })
    expect(decodeStatus(encodeStatus({ reason: 'INTERNAL', message: 'm' }))).toEqual({ reason: 'INTERNAL', message: 'm' })
    expect(reasonOfCode(14)).toBe('OUTCOME_UNKNOWN')
    expect(reasonOfCode(999)).toBe('INTERNAL')
  })
})

describe('bytes from strangers', () => {
  test('numbers out of range, missing parts and unknown kinds are named, not thrown', () => {
    const submit = clientFrameToProto(CLIENT_FRAMES[2] as ClientFrame)
    if (submit.frame.case !== 'submit') throw new Error('not a submit')
    submit.frame.value.baseVersion = -1n
    expect(clientFrameFromProto(submit)).toMatchObject({ kind: 'malformed', field: 'submit.base_version' })
    submit.frame.value.baseVersion = 2n ** 53n
    expect(clientFrameFromProto(submit)).toMatchObject({ kind: 'malformed', field: 'submit.base_version' })
    submit.frame.value.baseVersion = 1n
    delete submit.frame.value.operation
    expect(clientFrameFromProto(submit)).toMatchObject({ kind: 'malformed', field: 'submit.operation' })
    expect(clientFrameFromProto(fromBinary(ClientFrameSchema, new Uint8Array(0)))).toMatchObject({ kind: 'malformed', field: 'frame' })
    expect(clientFrameFromProto(undefined)).toMatchObject({ kind: 'malformed', field: 'frame' })
  })

  test('cut off and random bytes decode to malformed or to a value, never throw', () => {
    const whole = encodeSocketClientMessage({ kind: 'frame', frame: CLIENT_FRAMES[2] as ClientFrame })
    for (let end = 0; end < whole.length; end += 1) expect(() => decodeSocketClientMessage(whole.subarray(0, end))).not.toThrow()
    const message = encodeEnvelopedServerFrame({ kind: 'change', change }).subarray(ENVELOPE_BYTES)
    for (let end = 0; end < message.length; end += 1) expect(() => decodeServerMessage(message.subarray(0, end))).not.toThrow()
    expect(decodeSocketClientMessage(new Uint8Array([0xff, 0xff]))).toMatchObject({ kind: 'malformed' })
    expect(decodeChange(new Uint8Array([1, 2, 3]))).toMatchObject({ kind: 'malformed' })
  })

  test('a record that claims more than it brings is malformed', () => {
    for (const bytes of [[1], [1, 5, 0], [0x80], [1, 0xff, 0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0xff, 0xff, 1]]) {
      expect(unpackRecords(new Uint8Array(bytes))).toMatchObject({ kind: 'malformed' })
    }
  })

  test('varints up to 32 bits, at their edges', () => {
    for (const value of [0, 1, 127, 128, 16383, 16384, 2 ** 31, 2 ** 32 - 1]) {
      const bytes = new Uint8Array(varintLength(value))
      expect(writeVarint(bytes, 0, value)).toBe(bytes.length)
      expect(readVarint(bytes, 0)).toEqual({ value, next: bytes.length })
    }
  })

  test('an id that is absent is not the id zero', () => {
    const frame = CLIENT_FRAMES[0] as ClientFrame
    const decoded = clientFrameFromProto(clientFrameToProto(frame))
    expect(decoded.kind === 'open' && 'clientId' in decoded.open).toBe(false)
    expect(NO_ID).toHaveLength(16)
    expect(attributes({ b: 1, a: 2 }).map(([name]) => name)).toEqual(['a', 'b'])
  })
})
