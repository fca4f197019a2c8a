import { composeAll, fromDelta, type Operation, OperationBuilder, stamp, transform } from '@concord/ot'
import { describe, expect, test } from 'vitest'
import { RULES } from './rules.ts'
import { brief, SequencerBench } from './testing/sequencer-bench.ts'

const insert = (base: number, at: number, text: string): Operation => new OperationBuilder(base).retain(at).insert(text).build()
const remove = (base: number, at: number, length: number): Operation => new OperationBuilder(base).retain(at).delete(length).build()

describe('order', () => {
  test('versions are gap-free from 1, and nothing counts before it is committed', () => {
    const bench = new SequencerBench()
    const [ada, bob] = [bench.sit('ada'), bench.sit('bob')]
    expect(brief(ada.submit(1, 0, insert(0, 0, 'a')))).toBe('pending 1')
    expect(brief(bob.submit(1, 0, insert(0, 0, 'b')))).toBe('pending 2')
    expect(bench.sequencer.head).toBe(0)
    expect(bench.append()).toEqual([1, 2])
    expect(bench.sequencer.head).toBe(2)
    expect(bench.text()).toBe('ab')
  })

  test('the next batch forms while an append runs', () => {
    const bench = new SequencerBench()
    const [ada, bob] = [bench.sit('ada'), bench.sit('bob')]
    ada.submit(1, 0, insert(0, 0, 'a'))
    expect(bench.sequencer.takeBatch()).toHaveLength(1)
    bob.submit(1, 0, insert(0, 0, 'b'))
    expect(bench.sequencer.takeBatch()).toHaveLength(0)
    expect(bench.sequencer.commit().map(({ change }) => change.version)).toEqual([1])
    expect(bench.append()).toEqual([2])
    expect(bench.text()).toBe('ab')
  })

  test('a stale submit passes what was committed since its base, one operation at a time', () => {
    const bench = new SequencerBench()
    const [ada, bob] = [bench.sit('ada'), bench.sit('bob')]
    ada.commit(1, 0, insert(0, 0, 'one '))
    ada.commit(2, 1, insert(4, 4, 'two'))
    const verdict = bob.submit(1, 0, insert(0, 0, '!'))
    expect(verdict).toMatchObject({ kind: 'pending', version: 3, passed: 2 })
    bench.append()
    expect(bench.text()).toBe('one two!')
  })

  test('a batch is cut at the limits of an append', () => {
    const bench = new SequencerBench({ limits: { batchOperations: 2, windowOperations: 100 } })
    for (const user of ['a', 'b', 'c', 'd', 'e']) bench.sit(user).submit(1, 0, insert(0, 0, user))
    expect([bench.append(), bench.append(), bench.append()]).toEqual([[1, 2], [3, 4], [5]])
    const heavy = new SequencerBench({ limits: { batchBytes: 5_000 } })
    for (const user of ['a', 'b', 'c']) heavy.sit(user).submit(1, 0, insert(0, 0, user.repeat(1_000)))
    expect([heavy.append(), heavy.append(), heavy.append()]).toEqual([[1], [2], [3]])
  })

  test('the text that leaves is the one that the log has, never the one that runs ahead', () => {
    const bench = new SequencerBench()
    const [ada, bob] = [bench.sit('ada'), bench.sit('bob')]
    ada.submit(1, 0, insert(0, 0, 'a'))
    expect(bench.sequencer.committedText()).toBeUndefined()
    bench.sequencer.takeBatch()
    bob.submit(1, 0, insert(0, 0, 'b'))
    bench.sequencer.commit()
    const committed = bench.sequencer.committedText()
    expect([committed?.version, committed?.text.toString()]).toEqual([1, 'a'])
  })

  test('content hashes ride along often enough to find divergence', () => {
    const bench = new SequencerBench({ limits: { hashOperations: 3, hashMs: 2_000 } })
    const ada = bench.sit('ada')
    const hashes: (string | undefined)[] = []
    const type = (seq: number) => {
      ada.submit(seq, seq - 1, insert(seq - 1, 0, 'x'))
      bench.sequencer.takeBatch()
      hashes.push(bench.sequencer.commit()[0]?.change.hash)
    }
    for (const seq of [1, 2, 3, 4]) type(seq)
    bench.now += 2_000
    type(5)
    expect(hashes.map((hash) => hash !== undefined)).toEqual([false, false, true, false, true])
    expect(bench.sequencer.hashAt(5)).toBe(hashes[4])
  })
})

describe('R2', () => {
  test('R2 session: an open of a client id waits for what its older session has under way', () => {
    const bench = new SequencerBench()
    const ada = bench.sit('ada')
    ada.submit(1, 0, insert(0, 0, 'a'))
    expect(bench.sequencer.mustWait(ada.client)).toBe(true)
    bench.sequencer.takeBatch()
    expect(bench.sequencer.mustWait(ada.client)).toBe(true)
    bench.sequencer.commit()
    expect(bench.sequencer.mustWait(ada.client)).toBe(false)
  })

  test('R2 session: submits of a replaced session are refused, of an unknown one too', () => {
    const bench = new SequencerBench()
    const old = bench.sit('ada')
    const now = bench.sit('ada', old.client.clientId)
    expect(brief(old.submit(1, 0, insert(0, 0, 'a')))).toBe('end SESSION_REPLACED')
    expect(brief(now.submit(1, 0, insert(0, 0, 'a'), { session: '00000009000000ff' }))).toBe('end SESSION_UNKNOWN')
    expect(brief(now.submit(1, 0, insert(0, 0, 'a')))).toBe('pending 1')
  })

  test('R2 session: of two opens at once the later one wins', () => {
    const bench = new SequencerBench()
    const { client } = bench.sit('ada')
    const [first, second] = [bench.sequencer.fence(client), bench.sequencer.fence(client)]
    expect(bench.sequencer.admit(client, first, 'ada', 0)).toMatchObject({ reason: 'SESSION_REPLACED' })
    expect(bench.sequencer.admit(client, second, 'ada', 0)).toMatchObject({ clientId: client.clientId })
  })

  test('R2 session: session ids are unique in the epoch and name it', () => {
    const bench = new SequencerBench({ start: { epoch: 7 } })
    const ids = ['a', 'b', 'c'].map((user) => bench.sit(user).session.id)
    expect(new Set(ids).size).toBe(3)
    expect(ids.every((id) => id.startsWith('00000007'))).toBe(true)
  })
})

describe('R4', () => {
  test('R4 grouping: nothing made before the end of a composed group is taken', () => {
    const bench = new SequencerBench()
    const [ada, bob] = [bench.sit('ada'), bench.sit('bob')]
    ada.commit(1, 0, insert(0, 0, 'a'))
    ada.commit(2, 1, insert(1, 0, 'b'))
    bob.session.composedTo = 2
    expect(brief(bob.submit(1, 1, insert(1, 0, 'x')))).toBe('resync diverged DIVERGED')
    expect(brief(bob.submit(2, 2, insert(2, 0, 'x')))).toBe('pending 3')
  })

  test('R4 grouping: the unit of transformation is the committed operation, not a composition', () => {
    const ada = { user: 1, client: '0000000000000001' }
    const bob = { user: 2, client: '0000000000000002' }
    const committed = [stamp(insert(2, 1, 'c'), ada), remove(3, 0, 1)]
    const incoming = stamp(insert(2, 0, 'x'), bob)
    const stepwise = RULES.passOver(committed, incoming)
    expect(stepwise).toEqual(stamp(insert(2, 0, 'x'), bob))
    expect(transform(composeAll(committed), incoming)[1]).not.toEqual(stepwise)
  })
})

describe('R7', () => {
  test('R7 dedupe: a resend finds its operation in the batch being formed, in the running append, and in the log', () => {
    const bench = new SequencerBench()
    const ada = bench.sit('ada')
    const operation = insert(0, 0, 'a')
    expect(brief(ada.submit(1, 0, operation))).toBe('pending 1')
    expect(brief(ada.submit(1, 0, operation))).toBe('pending 1 again')
    bench.sequencer.takeBatch()
    expect(brief(ada.submit(1, 0, operation))).toBe('pending 1 again')
    bench.sequencer.commit()
    expect(brief(ada.submit(1, 0, operation))).toBe('ack 1@1')
    expect(bench.append()).toEqual([])
    expect(bench.text()).toBe('a')
  })

  test('R7 dedupe: an entry from a snapshot or the log answers for an epoch before', () => {
    const state = { clients: [{ clientId: '0000000100000001', userOrdinal: 1, lastSeq: 4, version: 9, at: 5 }], users: [{ userId: 'ada', ordinal: 1 }], epochs: [{ epoch: 1, version: 1 }] }
    const bench = new SequencerBench({ start: { epoch: 2, head: 9, state } })
    const ada = bench.sit('ada', '0000000100000001')
    expect(ada.client).toMatchObject({ lastSeq: 4, lastVersion: 9 })
    expect(ada.submit(4, 8, insert(0, 0, 'a'))).toMatchObject({ kind: 'ack', ack: { seq: 4, version: 9, epoch: 1 } })
    expect(brief(ada.submit(3, 8, insert(0, 0, 'a')))).toBe('ignored')
  })
})

describe('R8', () => {
  test('R8 seq: gaps are legal, lower numbers mean nothing', () => {
    const bench = new SequencerBench()
    const ada = bench.sit('ada')
    ada.commit(5, 0, insert(0, 0, 'a'))
    ada.commit(90, 1, insert(1, 0, 'b'))
    expect(brief(ada.submit(6, 2, insert(2, 0, 'c')))).toBe('ignored')
    expect(brief(ada.submit(5, 0, insert(0, 0, 'a')))).toBe('ignored')
    expect(bench.text()).toBe('ba')
  })

  test.each([
    ['forming', 0],
    ['running', 1],
    ['committed', 2],
  ])('R8 seq: other bytes under a used number are an error, %s', (_, steps) => {
    const bench = new SequencerBench()
    const ada = bench.sit('ada')
    ada.submit(1, 0, insert(0, 0, 'a'))
    if (steps > 0) bench.sequencer.takeBatch()
    if (steps > 1) bench.sequencer.commit()
    expect(brief(ada.submit(1, 0, insert(0, 0, 'b')))).toBe('end SEQ_REUSED')
  })

  test('R8 seq: a rejected number gives the same reject again, and other bytes under it an error', () => {
    const bench = new SequencerBench()
    const ada = bench.sit('ada')
    const bad = { ...insert(0, 0, 'ab'), text: 'a' }
    expect(brief(ada.submit(1, 0, bad))).toBe('reject OPERATION_MALFORMED')
    expect(brief(ada.submit(1, 0, bad))).toBe('reject OPERATION_MALFORMED')
    expect(brief(ada.submit(1, 0, insert(0, 0, 'ab')))).toBe('end SEQ_REUSED')
    expect(brief(ada.submit(2, 0, insert(0, 0, 'ab')))).toBe('pending 1')
  })

  test('R8 seq: what is committed stays so when the role is gone since', () => {
    const bench = new SequencerBench()
    const ada = bench.sit('ada')
    ada.commit(1, 0, insert(0, 0, 'a'))
    const error = { reason: 'ROLE_REQUIRED', message: '' } as const
    expect(brief(bench.sequencer.refuse(ada.submitOf(1, 0, insert(0, 0, 'a')), 'ada', error))).toBe('ack 1@1')
    expect(brief(bench.sequencer.refuse(ada.submitOf(2, 1, insert(1, 0, 'b')), 'ada', error))).toBe('reject ROLE_REQUIRED')
  })

  test("R8 seq: the base is at least the client's own last commit", () => {
    const bench = new SequencerBench()
    const ada = bench.sit('ada')
    ada.commit(1, 0, insert(0, 0, 'a'))
    expect(brief(ada.submit(2, 0, insert(0, 0, 'b')))).toBe('end FIELD_INVALID')
  })

  test('R8 seq: one submit is in flight at a time', () => {
    const bench = new SequencerBench()
    const ada = bench.sit('ada')
    ada.submit(1, 0, insert(0, 0, 'a'))
    expect(brief(ada.submit(2, 0, insert(0, 0, 'b')))).toBe('reject RATE_LIMITED')
  })

  test.each([
    [-1, 'end FIELD_INVALID'],
    [0.5, 'end FIELD_INVALID'],
    [2 ** 60, 'end FIELD_INVALID'],
    [3, 'end VERSION_AHEAD'],
  ])('R8 seq: base version %d is answered with %s', (baseVersion, expected) => {
    const ada = new SequencerBench().sit('ada')
    expect(brief(ada.submit(1, baseVersion, insert(0, 0, 'a')))).toBe(expected)
  })

  test('R8 seq: a base that has left memory is brought in line, nothing is taken', () => {
    const bench = new SequencerBench({ limits: { windowOperations: 2, batchOperations: 2 } })
    const [ada, bob] = [bench.sit('ada'), bench.sit('bob')]
    for (const seq of [1, 2, 3]) ada.commit(seq, seq - 1, insert(seq - 1, 0, 'x'))
    expect(brief(bob.submit(1, 0, insert(0, 0, 'b')))).toBe('resync slow_reader VERSION_COMPACTED')
    expect(brief(bob.submit(2, 1, insert(1, 0, 'b')))).toBe('pending 4')
  })
})

test('R9 reject: a reject is of its session and not durable: after a new open the number is free again', () => {
  const bench = new SequencerBench()
  const ada = bench.sit('ada')
  ada.submit(1, 0, { ...insert(0, 0, 'ab'), text: 'a' })
  const again = bench.sit('ada', ada.client.clientId)
  expect(brief(again.submit(1, 0, insert(0, 0, 'ab')))).toBe('pending 1')
})

describe('R12', () => {
  test('R12 client id: made of epoch and counter, never twice', () => {
    const bench = new SequencerBench({ start: { epoch: 3 } })
    expect(['a', 'b'].map((user) => bench.sit(user).client.clientId)).toEqual(['0000000300000001', '0000000300000002'])
  })

  test('R12 client id: a stranger cannot use it', () => {
    const bench = new SequencerBench()
    const [ada, eve] = [bench.sit('ada'), bench.sit('eve')]
    expect(bench.sequencer.isBound(ada.client, 'eve')).toBe(false)
    const stolen = { ...ada.submitOf(999, 0, insert(0, 0, 'x')) }
    expect(brief(bench.sequencer.submit(stolen, eve.userId, 0, 0))).toBe('end CLIENT_ID_FOREIGN')
    expect(brief(ada.submit(1, 0, insert(0, 0, 'a')))).toBe('pending 1')
  })
})

describe('R13', () => {
  test("R13 ties: the session stamps its key on every insert, and a submit's own keys are refused", () => {
    const bench = new SequencerBench()
    bench.sit('ada')
    const bob = bench.sit('bob')
    expect(brief(bob.submit(1, 0, { ...insert(0, 0, 'b'), keys: [{ user: 1, client: '0000000000000001' }] }))).toBe('reject OPERATION_MALFORMED')
    bob.submit(2, 0, insert(0, 0, 'b'))
    const [draft] = bench.sequencer.takeBatch()
    expect(draft?.change.operation.keys).toEqual([{ user: 2, client: bob.client.clientId }])
    expect(draft?.change.author).toEqual({ userId: 'bob', userOrdinal: 2, clientId: bob.client.clientId })
  })

  test('R13 ties: users keep their order at one place, whoever comes first', () => {
    const bench = new SequencerBench()
    const [ada, bob] = [bench.sit('ada'), bench.sit('bob')]
    bob.commit(1, 0, insert(0, 0, 'B'))
    ada.commit(1, 0, insert(0, 0, 'A'))
    expect(bench.text()).toBe('AB')
  })

  test('R13 ties: an ordinal from the log is never given to anybody else', () => {
    const bench = new SequencerBench({ start: { state: { clients: [], users: [{ userId: 'old', ordinal: 4 }], epochs: [] } } })
    expect([bench.sit('new').session.userOrdinal, bench.sit('old').session.userOrdinal]).toEqual([5, 4])
  })
})

describe('R14', () => {
  test('R14 empty: an operation that changes nothing is refused', () => {
    const bench = new SequencerBench()
    expect(brief(bench.sit('ada').submit(1, 0, fromDelta(0, [])))).toBe('reject OPERATION_EMPTY')
  })

  test('R14 empty: one that becomes empty is committed with a version of its own', () => {
    const bench = new SequencerBench()
    const [ada, bob] = [bench.sit('ada'), bench.sit('bob')]
    ada.commit(1, 0, insert(0, 0, 'abc'))
    bob.submit(1, 1, remove(3, 0, 3))
    ada.submit(2, 1, remove(3, 0, 3))
    const [first, second] = bench.sequencer.takeBatch()
    expect(first?.change.operation.components).not.toEqual([])
    expect(second?.change).toMatchObject({ version: 3, operation: { baseLength: 0, components: [] } })
  })
})

describe('R16', () => {
  test('R16 lengths: a submit for another document than ours is no reject: nothing is taken, the client is brought in line', () => {
    const bench = new SequencerBench()
    const [ada, bob] = [bench.sit('ada'), bench.sit('bob')]
    ada.commit(1, 0, insert(0, 0, 'abc'))
    expect(brief(bob.submit(1, 1, insert(2, 0, 'x')))).toBe('resync diverged DIVERGED')
    expect(brief(bob.submit(1, 0, insert(3, 0, 'x')))).toBe('resync diverged DIVERGED')
    expect(brief(bob.submit(1, 1, insert(3, 0, 'x')))).toBe('pending 2')
  })

  test('R16 lengths: the length at a base is known while operations run ahead', () => {
    const bench = new SequencerBench()
    const [ada, bob] = [bench.sit('ada'), bench.sit('bob')]
    ada.commit(1, 0, insert(0, 0, 'abc'))
    ada.submit(2, 1, insert(3, 3, 'de'))
    bench.sequencer.takeBatch()
    expect(brief(bob.submit(1, 1, insert(5, 0, 'x')))).toBe('resync diverged DIVERGED')
    expect(brief(bob.submit(1, 1, insert(3, 0, 'x')))).toBe('pending 3')
  })
})

describe('R17', () => {
  test('R17 expiry: the oldest above the limit go, and those too old, but never one with a session', () => {
    const bench = new SequencerBench()
    const seats = ['a', 'b', 'c', 'd'].map((user) => bench.sit(user))
    for (const [index, { client }] of seats.entries()) client.at = index
    for (const { session } of seats.slice(1)) bench.sequencer.close(session, false)
    const { clients } = bench.sequencer
    expect(clients.expire(10, 2, 1_000, RULES)).toBe(2)
    expect(seats.map(({ client }) => clients.get(client.clientId) !== undefined)).toEqual([true, false, false, true])
    expect(clients.expire(2_000, 10, 1_000, RULES)).toBe(1)
    expect(clients.get(seats[0]!.client.clientId)).toBeDefined()
  })

  test('R17 expiry: a goodbye takes a client id along that never committed anything', () => {
    const bench = new SequencerBench()
    const [idle, busy] = [bench.sit('ada'), bench.sit('bob')]
    busy.commit(1, 0, insert(0, 0, 'x'))
    for (const { session } of [idle, busy]) bench.sequencer.close(session, true)
    const { clients } = bench.sequencer
    expect([clients.get(idle.client.clientId), clients.get(busy.client.clientId)?.lastSeq]).toEqual([undefined, 1])
  })
})

describe('R19', () => {
  test.each<[string, Operation, string]>([
    ['a trailing retain', { ...insert(3, 0, 'x'), components: [(1 << 2) | 1, 3 << 2] }, 'OPERATION_NOT_CANONICAL'],
    ['a delete before an insert', { ...insert(3, 0, 'x'), components: [(1 << 2) | 2, (1 << 2) | 1] }, 'OPERATION_NOT_CANONICAL'],
    ['a component of length 0', { ...insert(3, 0, 'x'), components: [0, (1 << 2) | 1] }, 'OPERATION_NOT_CANONICAL'],
    ['more text than components insert', { ...insert(3, 0, 'x'), text: 'xy' }, 'OPERATION_MALFORMED'],
    ['half a surrogate pair', { ...insert(3, 0, 'x'), text: '\ud83d' }, 'OPERATION_MALFORMED'],
    ['100,000 units', insert(3, 0, 'x'.repeat(100_000)), 'OPERATION_TOO_LARGE'],
    ['an attribute that nobody knows', fromDelta(3, [{ insert: 'x', attributes: { onclick: 'alert(1)' } }]), 'ATTRIBUTE_FORBIDDEN'],
  ])('R19 canonical: %s is refused and never repaired', (_, operation, reason) => {
    const bench = new SequencerBench()
    const ada = bench.sit('ada')
    ada.commit(1, 0, insert(0, 0, 'abc'))
    expect(brief(ada.submit(2, 1, operation))).toBe(`reject ${reason}`)
    expect(bench.text()).toBe('abc')
  })

  test('R19 canonical: a place inside a surrogate pair of the document is refused', () => {
    const bench = new SequencerBench()
    const ada = bench.sit('ada')
    ada.commit(1, 0, insert(0, 0, '😀'))
    expect(brief(ada.submit(2, 1, insert(2, 1, 'x')))).toBe('reject OPERATION_MALFORMED')
    expect(brief(ada.submit(3, 1, insert(2, 2, 'x')))).toBe('pending 2')
  })
})

test('a full document takes what does not make it larger', () => {
  const bench = new SequencerBench({ limits: { documentUnits: 4 } })
  const ada = bench.sit('ada')
  expect(brief(ada.submit(1, 0, insert(0, 0, 'hello')))).toBe('reject DOCUMENT_FULL')
  ada.commit(2, 0, insert(0, 0, 'hell'))
  expect(brief(ada.submit(3, 1, insert(4, 0, 'o')))).toBe('reject DOCUMENT_FULL')
  expect(brief(ada.submit(4, 1, remove(4, 0, 1)))).toBe('pending 2')
})

test('the queue of a document is bounded, and a resend passes it all the same', () => {
  const bench = new SequencerBench({ limits: { documentQueue: 2 } })
  const [ada, bob, eve] = [bench.sit('ada'), bench.sit('bob'), bench.sit('eve')]
  ada.submit(1, 0, insert(0, 0, 'a'))
  bob.submit(1, 0, insert(0, 0, 'b'))
  expect(brief(eve.submit(1, 0, insert(0, 0, 'c')))).toBe('reject RATE_LIMITED')
  expect(brief(bob.submit(1, 0, insert(0, 0, 'b')))).toBe('pending 2 again')
})
