import { DocumentText, format, OperationBuilder } from '@concord/ot'
import { describe, expect, test } from 'vitest'
import { ConcordError } from '../concord-error.ts'
import { CLIENT, OTHER, SessionScript } from '../../test/session-script.ts'

describe('R1 slot', () => {
  test('R1 slot: a version that is not the next one opens again and moves nothing', () => {
    const script = new SessionScript().open().change(1, '+a').change(3, '1 +b')
    expect(script.kinds().at(-1)).toBe('reopen')
    expect(script.state.version).toBe(1)
    expect(script.text).toBe('a')
  })

  test('R1 slot: a version that comes twice is not applied twice', () => {
    const script = new SessionScript().open().change(1, '+a')
    script.receive({ kind: 'change', change: { version: 1, epoch: 1, author: { userId: 'bob', userOrdinal: 2, clientId: OTHER }, operation: new OperationBuilder(1).insert('a').build(), at: 0 } })
    expect(script.text).toBe('a')
  })

  test('R1 slot: a mark of a version that never came opens again, also when nobody types any more', () => {
    const script = new SessionScript().open().change(1, '+a').receive({ kind: 'mark', version: 2, hash: '0000000000000001' })
    expect(script.kinds().at(-1)).toBe('reopen')
    expect(script.of('diverged')).toEqual([])
  })

  test('R1 slot: an ack moves the version without changing what is shown', () => {
    const script = new SessionScript().open().edit('+ab').ack(1, 1)
    expect(script.of('change').map((change) => change.origin)).toEqual(['local'])
    expect(script.state).toMatchObject({ version: 1, sync: 'synchronized' })
  })
})

describe('R3 resubmit', () => {
  test('R3 resubmit: what opened does not report goes in front of the buffer and leaves under a fresh number', () => {
    const script = new SessionScript().open().edit('+ab').edit('2 +c')
    expect(script.submits.map((submit) => [submit.seq, submit.operation.text])).toEqual([[1, 'ab']])
    script.state.disconnected()
    script.open({ session: '00000001000000ff' })
    expect(script.submits.at(-1)).toMatchObject({ seq: 2, session: '00000001000000ff', operation: { text: 'abc' } })
  })

  test('R3 resubmit: what opened reports committed waits for its slot and is not sent again', () => {
    const script = new SessionScript().open().edit('+ab').edit('2 +c')
    script.state.disconnected()
    script.open({ head: 1, lastSeq: 1, lastVersion: 1 })
    expect(script.submits).toHaveLength(1)
    script.ack(1, 1, { operation: new OperationBuilder(0).insert('ab').build() })
    expect(script.submits.at(-1)).toMatchObject({ seq: 2, baseVersion: 1, operation: { text: 'c' } })
  })

  test('R2 session: a submit carries the session and client id of the last opened', () => {
    const script = new SessionScript().open().edit('+a')
    expect(script.submits[0]).toMatchObject({ session: '000000010000000a', clientId: CLIENT, baseVersion: 0 })
  })
})

describe('R4 grouping', () => {
  const group = { kind: 'composed' as const, composed: { fromVersion: 0, toVersion: 2, epoch: 1, operation: new OperationBuilder(0).insert('xy').build() } }

  test('R4 grouping: a group passes when nothing waits for its slot', () => {
    const script = new SessionScript().open({ head: 2 }).receive(group)
    expect(script.text).toBe('xy')
    expect(script.state.version).toBe(2)
  })

  test('R4 grouping: a group never passes an own operation that waits for its slot', () => {
    const waiting = (rules = {}) => {
      const script = new SessionScript({ rules }).open().edit('+ab')
      script.state.disconnected()
      return script.open({ head: 3, lastSeq: 1, lastVersion: 3 }).receive(group)
    }
    expect(waiting().kinds().at(-1)).toBe('reopen')
    expect(waiting({ composedMayPass: () => true }).text).not.toBe('ab')
  })

  test('R4 grouping: a committed form that differs from the rebase takes the state path', () => {
    const acked = (rules = {}) => new SessionScript({ rules }).open().edit('+ab').ack(1, 1, { operation: new OperationBuilder(0).insert('ba').build() })
    expect(acked().of('diverged')).toMatchObject([{ reason: 'committed_form' }])
    expect(acked({ compareCommittedForm: false }).of('diverged')).toEqual([])
  })

  test('R4 grouping: nothing is submitted before the head that opened named', () => {
    const script = new SessionScript().open({ head: 2 }).edit('+mine')
    expect(script.submits).toEqual([])
    script.change(1, '+a')
    expect(script.submits).toEqual([])
    script.change(2, '1 +b')
    expect(script.submits).toMatchObject([{ baseVersion: 2 }])
  })
})

describe('R5 R6: contents', () => {
  test('R5 resync: an opened that nobody asked for fences like the answer to open', () => {
    const script = new SessionScript().open().edit('+ab')
    script.receive({ kind: 'opened', opened: { ...openedOf(script), session: '00000001000000ee', resume: 'snapshot', reason: 'slow_reader', head: 3 } })
    script.content(3, 'xyz')
    expect(script.text).toBe('xyzab')
    expect(script.submits.at(-1)).toMatchObject({ seq: 2, session: '00000001000000ee', baseVersion: 3, operation: { baseLength: 3, text: 'ab' } })
  })

  test('R6 state path: the operation in flight belongs to K when it is committed', () => {
    const script = new SessionScript().open().edit('+ab').edit('2 +c')
    script.state.disconnected()
    script.open({ resume: 'snapshot', head: 5, lastSeq: 1, lastVersion: 4 }).content(5, 'abx')
    expect(script.text).toBe('abxc')
    expect(script.submits.at(-1)).toMatchObject({ baseVersion: 5, operation: { text: 'c' } })
  })

  test('R6 state path: a pending delete takes only what it was made for', () => {
    const script = new SessionScript().open({ resume: 'snapshot', head: 1 }).content(1, 'one two three')
    script.state.disconnected()
    script.edit('4 -4').open({ resume: 'snapshot', head: 9 }).content(9, 'one two and three')
    expect(script.text).toBe('one and three')
  })

  test('R6 state path: a content with a wrong hash is fetched again', () => {
    const script = new SessionScript().open({ resume: 'snapshot', head: 1 })
    script.receive({ kind: 'snapshot', snapshot: { version: 1, epoch: 1, hash: '00000000000000aa', offset: 0, total: 2, content: new OperationBuilder(0).insert('ab').build() } })
    expect(script.kinds().at(-1)).toBe('reopen')
    expect(script.state.connecting('documents/x').snapshot).toBe(true)
  })
})

describe('R8 R10: numbers and the device', () => {
  test('R8 seq: numbers rise strictly and go on where the server is', () => {
    const script = new SessionScript().open().edit('+a').ack(1, 1).edit('1 +b').ack(2, 2)
    script.state.disconnected()
    script.open({ head: 2, lastSeq: 2, lastVersion: 2 }).edit('2 +c')
    expect(script.submits.map((submit) => submit.seq)).toEqual([1, 2, 3])
  })

  test('R10 disk: the branch is stored before the submit leaves, with the submit in flight', () => {
    const script = new SessionScript().open().edit('+a')
    const kinds = script.effects.map((effect) => (effect.kind === 'persist' && effect.urgent ? 'persist first' : effect.kind))
    expect(kinds.indexOf('persist first')).toBe(kinds.indexOf('send') - 1)
    expect(script.state.stored('documents/x')).toMatchObject({ clientId: CLIENT, lastSeq: 1, version: 0, inFlight: { seq: 1 } })
  })

  test('R10 disk: a device older than its client id hands everything pending back and submits nothing', () => {
    const stored = { document: 'documents/x', clientId: CLIENT, lastSeq: 1, version: 0, epoch: 0, content: DocumentText.empty(), buffer: new OperationBuilder(0).insert('old').build() }
    const script = new SessionScript({ stored }).open({ lastSeq: 4, lastVersion: 2, head: 2 })
    expect(script.of('stranded')).toMatchObject([{ reason: 'STALE_DEVICE', operation: { text: 'old' }, choices: ['copy', 'export', 'drop'] }])
    expect(script.text).toBe('')
    script.change(1, '+a').ack(4, 2, { operation: new OperationBuilder(1).insert('b').build() })
    expect(script.text).toBe('ba')
    expect(script.submits).toEqual([])
  })
})

describe('R9 reject', () => {
  test('R9 reject: takes back one operation beneath the buffer, which lives on', () => {
    const script = new SessionScript().open().edit('+bad').edit('3 +good').reject(1)
    expect(script.text).toBe('good')
    expect(script.of('rejected')).toMatchObject([{ operation: { text: 'bad' }, version: 0, error: { reason: 'ATTRIBUTE_FORBIDDEN', advice: 'stop' } }])
    expect(script.of('rejected')[0]!.base.toString()).toBe('')
    expect(script.submits.at(-1)).toMatchObject({ seq: 2, operation: { text: 'good' } })
  })

  test('R9 reject: a buffer that only changed what is taken back goes with it', () => {
    const script = new SessionScript().open().change(1, '+xyz').edit('+bad').edit('-3').reject(1)
    expect(script.text).toBe('xyz')
    expect(script.state.confirmed.toString()).toBe('xyz')
    expect(script.state).toMatchObject({ sync: 'synchronized', status: { pending: 0 } })
  })

  test('R9 reject: follows once the withdrawal is stored, and clears undo and redo', () => {
    const rejected = (rules = {}) => new SessionScript({ rules }).open().edit('+bad').reject(1)
    const script = rejected()
    const kinds = script.effects.map((effect) => (effect.kind === 'persist' && effect.urgent ? 'persist first' : effect.kind))
    expect(kinds.lastIndexOf('persist first')).toBeLessThan(kinds.indexOf('rejected'))
    expect(script.state.canUndo).toBe(false)
    expect(rejected({ clearUndoOnReject: false }).state.canUndo).toBe(true)
  })

  test('R9 reject: counts for the number in flight only', () => {
    const script = new SessionScript().open().edit('+a').ack(1, 1).edit('1 +b').reject(1)
    expect(script.of('rejected')).toEqual([])
    expect(script.text).toBe('ab')
  })

  test('R9 reject: when the document is forbidden, everything pending is handed back', () => {
    const script = new SessionScript().open().edit('+a').edit('1 +b').reject(1, { reason: 'ROLE_REQUIRED' })
    expect(script.of('rejected')).toMatchObject([{ operation: { text: 'ab' } }])
    expect(script.state.sync).toBe('synchronized')
  })

  test('R9 reject: one that may be tried again leaves under a fresh number after the delay', () => {
    const script = new SessionScript().open().edit('+a').reject(1, { reason: 'RATE_LIMITED', retryAfterMs: 70 })
    expect(script.of('timer').at(-1)).toMatchObject({ timer: 'submit', delayMs: 70 })
    script.now = 70
    script.take(script.state.timer('submit', script.now))
    expect(script.submits.map((submit) => submit.seq)).toEqual([1, 2])
    expect(script.of('rejected')).toEqual([])
  })

  test.each([['RATE_LIMITED', 1], ['STORAGE_UNAVAILABLE', 0]] as const)('R9 reject: refused again and again with %s, the edit is handed back %i times: what is away says nothing about the edit', (reason, times) => {
    const script = new SessionScript().open().edit('+a')
    for (let seq = 1; seq <= 10 && script.of('rejected').length === 0; seq += 1) {
      script.reject(seq, { reason, retryAfterMs: 70 })
      script.now += 70
      script.take(script.state.timer('submit', script.now))
    }
    expect(script.of('rejected')).toHaveLength(times)
  })

  test('R9 reject: an edit that its author undid while it was refused for a while is decided: nothing waits for ever', () => {
    const script = new SessionScript().open().edit('+a')
    script.take(script.state.undo(script.now))
    script.reject(1, { reason: 'STORAGE_UNAVAILABLE', retryAfterMs: 70 })
    expect(script.text).toBe('')
    expect(script.state.status.pending).toBe(0)
  })

  test('R9 reject: a waiting edit that somebody else makes empty is not pending any more, and the application hears of it', () => {
    const script = new SessionScript().open().change(1, '+ab').edit('-1 1')
    script.reject(1, { reason: 'STORAGE_UNAVAILABLE', retryAfterMs: 70 })
    expect(script.state.status.pending).toBe(1)
    const told = script.of('status').length
    script.change(2, '-1 1')
    expect(script.state.status.pending).toBe(0)
    expect(script.of('status').length).toBe(told + 1)
  })
})

describe('R12 to R18', () => {
  test('R12 ids: the first open asks for an id, every later one keeps it', () => {
    const script = new SessionScript()
    expect(script.state.connecting('documents/x').clientId).toBeUndefined()
    script.open()
    script.state.disconnected()
    expect(script.state.connecting('documents/x').clientId).toBe(CLIENT)
  })

  test('R12 ids: an id that is not known any more is replaced, and a submit of unknown fate is handed back', () => {
    const script = new SessionScript().open().edit('+a').edit('1 +b')
    script.state.disconnected()
    script.open({ clientId: OTHER })
    expect(script.of('stranded')).toMatchObject([{ reason: 'OUTCOME_UNKNOWN', operation: { text: 'a' } }])
    expect(script.text).toBe('b')
    expect(script.submits.at(-1)).toMatchObject({ clientId: OTHER, seq: 1, operation: { text: 'b' } })
  })

  test('R12 ids: what waits under the id of another user is handed back and not submitted', () => {
    const script = new SessionScript().open().edit('+a').edit('1 +b')
    script.take(script.state.failed(new ConcordError({ reason: 'CLIENT_ID_FOREIGN', message: 'of somebody else' }), 0))
    expect(script.of('stranded')).toMatchObject([{ reason: 'CLIENT_ID_FOREIGN', operation: { text: 'ab' } }])
    expect(script.state.connecting('documents/x').clientId).toBeUndefined()
    expect(script.text).toBe('')
  })

  test('R13 ties: the own key decides between inserts at one place', () => {
    const typed = (rules = {}) => new SessionScript({ rules }).open({ userOrdinal: 3 }).edit('+mine').change(1, '+theirs').text
    expect(typed()).toBe('theirsmine')
    expect(typed({ tieKey: () => ({ user: 0, client: '0000000000000000' }) })).toBe('minetheirs')
  })

  test('R13 ties: a submit carries no keys', () => {
    expect(new SessionScript().open().edit('+mine').submits[0]!.operation.keys).toEqual([])
  })

  test('R14 empty: edits that come to nothing are not submitted', () => {
    const buffered = (rules = {}) => new SessionScript({ rules }).open({ head: 1 }).edit('+a').edit('-1').change(1, '+x')
    expect(buffered().submits).toEqual([])
    expect(buffered().state.status.pending).toBe(0)
    expect(buffered({ dropsEmpty: false }).submits).toHaveLength(1)
  })

  test('R14 empty: one emptied in flight still waits for its own version', () => {
    const script = new SessionScript().open().change(1, '+ab').edit('-2').change(2, '-2')
    expect(script.state.sync).toBe('in_flight')
    expect(script.ack(1, 3).state).toMatchObject({ version: 3, sync: 'synchronized' })
  })

  test('R15 ancestry: open names the epoch that wrote the version', () => {
    const script = new SessionScript().open().change(1, '+a', { epoch: 7 })
    script.state.disconnected()
    expect(script.state.connecting('documents/x')).toMatchObject({ version: 1, epoch: 7 })
  })

  test('R15 ancestry: acknowledged operations that the log lost are reported and submitted again', () => {
    const lost = (rules = {}) => {
      const script = new SessionScript({ rules }).open().change(1, '+base').edit('4 +mine').ack(1, 2).change(3, '8 +theirs')
      script.state.disconnected()
      return script.open({ epoch: 2, head: 1, lastSeq: 0, resume: 'snapshot', reason: 'history_forked' }).content(1, 'base')
    }
    const script = lost()
    expect(script.of('diverged')).toMatchObject([{ reason: 'history_forked', resubmitted: 1 }])
    expect(script.text).toBe('basemine')
    expect(script.submits.at(-1)).toMatchObject({ seq: 2, baseVersion: 1, operation: { text: 'mine' } })
    expect(lost({ resubmitLost: false }).text).toBe('base')
  })

  test('R15 ancestry: what was acknowledged more than ten minutes ago is not submitted again', () => {
    const script = new SessionScript().open().edit('+mine').ack(1, 1)
    script.now = 11 * 60_000
    script.change(2, '4 +later')
    script.state.disconnected()
    script.open({ epoch: 2, head: 0, lastSeq: 0, resume: 'snapshot', reason: 'history_forked' }).content(0, '')
    expect(script.text).toBe('')
  })

  test('R16 lengths: a length that differs takes the state path and changes nothing', () => {
    const script = new SessionScript().open().change(1, '+abc')
    script.receive({ kind: 'change', change: { version: 2, epoch: 1, author: { userId: 'bob', userOrdinal: 2, clientId: OTHER }, operation: new OperationBuilder(9).insert('x').build(), at: 0 } })
    expect(script.of('diverged')).toMatchObject([{ reason: 'length' }])
    expect(script.text).toBe('abc')
    expect(script.state.connecting('documents/x').snapshot).toBe(true)
  })

  test('R16 lengths: a hash that differs takes the state path', () => {
    const told = (rules = {}) => new SessionScript({ rules }).open().change(1, '+abc', { hash: '0000000000000001' })
    expect(told().of('diverged')).toMatchObject([{ reason: 'hash' }])
    expect(told({ checkInStep: false }).of('diverged')).toEqual([])
  })

  test('R16 lengths: an idle client is held against the hash too, and tells its own', () => {
    const script = new SessionScript().open().change(1, '+abc')
    expect(script.of('timer')).toMatchObject([{ timer: 'progress' }])
    expect(script.state.timer('progress', 2_000)).toMatchObject([{ frame: { kind: 'progress', version: 1, hash: script.state.confirmed.hash() } }])
    expect(script.receive({ kind: 'mark', version: 1, hash: '0000000000000001' }).of('diverged')).toHaveLength(1)
  })

  test('R18 split: a branch above the limit leaves in parts, one number each', () => {
    const paste = (rules = {}) => new SessionScript({ rules }).open({ head: 1 }).edit(`+${'x'.repeat(150_000)}`).change(1, '+y')
    const script = paste()
    expect(script.submits.map((submit) => submit.operation.text.length)).toEqual([65_536])
    script.ack(1, 2).ack(2, 3)
    expect(script.submits.map((submit) => [submit.seq, submit.operation.text.length])).toEqual([[1, 65_536], [2, 65_536], [3, 18_928]])
    expect(script.state.status.pending).toBe(1)
    expect(script.ack(3, 4).state.status.pending).toBe(0)
    expect(paste({ splitLarge: false }).submits[0]!.operation.text).toHaveLength(150_000)
  })
})

describe('pace', () => {
  test('the pace of the application, widened by the server, spaces submits and blocks no edit', () => {
    const script = new SessionScript({ paceMs: 20 }).open().edit('+a').ack(1, 1).edit('1 +b').edit('2 +c')
    expect(script.submits).toHaveLength(1)
    expect(script.text).toBe('abc')
    script.now = 20
    script.take(script.state.timer('submit', script.now))
    expect(script.submits.at(-1)!.operation.text).toBe('bc')
    script.receive({ kind: 'notice', notice: { kind: 'pace', paceMs: 200 } }).ack(2, 2).edit('3 +d')
    script.now = 40
    script.take(script.state.timer('submit', script.now)).ack(3, 3).edit('4 +e')
    expect(script.of('timer').at(-1)).toMatchObject({ timer: 'submit', delayMs: 200 })
  })
})

describe('merged', () => {
  test('after being away the application hears where both sides were', () => {
    const script = new SessionScript().open().change(1, '+"one two three"')
    script.state.disconnected()
    script.edit('4 3{bold=true}').open({ head: 2 }).change(2, '4 -3 +TWO')
    expect(script.of('merged')).toHaveLength(1)
    expect(script.of('merged')[0]!.ranges.map(({ from, to }) => script.text.slice(from, to))).toEqual(['TWO'])
    expect(script.change(3, '1 +x').of('merged')).toHaveLength(1)
  })
})

function openedOf(script: SessionScript) {
  const status = script.state.status
  return { session: '', clientId: status.clientId!, epoch: 1, head: 0, lastSeq: 0, lastVersion: 0, resume: 'changes' as const, role: 'editor' as const, userId: 'ann', userOrdinal: 1, durability: 'local' as const, algorithm: 1, documentType: 'text', title: '', submitWindow: 1 }
}

test('the notation of an operation is what the feed shows', () => {
  expect(format(new SessionScript().open().change(1, '+ab').of('committed')[0]!.operation)).toContain('+ab')
})
