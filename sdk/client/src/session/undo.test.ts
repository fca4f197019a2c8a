import { describe, expect, test } from 'vitest'
import { CLIENT, SessionScript } from '../../test/session-script.ts'

/** A live session whose every edit is acknowledged at once. */
function acked(script: SessionScript, notation: string): SessionScript {
  script.edit(notation)
  return script.ack(script.submits.at(-1)!.seq, script.state.version + 1)
}

describe('undo and redo', () => {
  test('takes back the own edit and keeps what others wrote', () => {
    const script = acked(new SessionScript({ undoGroupMs: 0 }).open(), '+mine').change(2, '4 +" theirs"').change(3, '2 +"-in-"')
    expect(script.text).toBe('mi-in-ne theirs')
    expect(script.undo().text).toBe('-in- theirs')
    expect(script.redo().text).toContain('mi')
  })

  test('gives deleted text back with its attributes, at its place among what others did', () => {
    const script = acked(new SessionScript({ undoGroupMs: 0 }).open().change(1, '+abc{bold=true} +def'), '1 -4').change(3, '+">> "')
    expect(script.text).toBe('>> af')
    script.undo()
    expect(script.text).toBe('>> abcdef')
    expect(script.state.text.attributesAt(4)).toEqual([['bold', true]])
    expect(script.state.text.attributesAt(7)).toEqual([])
  })

  test('gives formatting back as it was, where nobody changed it since', () => {
    const script = acked(new SessionScript({ undoGroupMs: 0 }).open().change(1, '+abcd'), '4{bold=true}').undo()
    expect(script.state.text.attributesAt(0)).toEqual([])
  })

  test('steps back and forth through several edits and ends where it began', () => {
    const script = new SessionScript({ undoGroupMs: 0 }).open()
    const seen = ['']
    for (const notation of ['+one', '3 +" two"', '-1', '2 3{bold=true}', '1 -3']) {
      acked(script, notation)
      seen.push(script.text)
    }
    for (const text of seen.toReversed().slice(1)) expect(script.undo().text).toBe(text)
    for (const text of seen.slice(1)) expect(script.redo().text).toBe(text)
    expect(script.state.canRedo).toBe(false)
  })

  test('steps back and forth while others type in between', () => {
    const script = new SessionScript({ undoGroupMs: 0 }).open({ userOrdinal: 9 })
    acked(script, '+a')
    script.change(2, '1 +1')
    acked(script, '2 +b')
    script.change(4, '+0')
    script.undo()
    script.ack(script.submits.at(-1)!.seq, 5)
    expect(script.text).toBe('0a1')
    script.change(6, '3 +2')
    script.undo()
    expect(script.text).toBe('012')
    script.redo()
    script.redo()
    expect([...script.text].filter((unit) => 'ab'.includes(unit))).toEqual(['a', 'b'])
    expect([...script.text].filter((unit) => '012'.includes(unit)).join('')).toBe('012')
  })

  test('is an ordinary local edit: it is submitted, and nothing is un-sent', () => {
    const script = new SessionScript({ undoGroupMs: 0 }).open().edit('+ab').undo()
    expect(script.text).toBe('')
    expect(script.submits).toHaveLength(1)
    script.ack(1, 1)
    expect(script.submits.at(-1)).toMatchObject({ seq: 2, clientId: CLIENT, operation: { baseLength: 2 } })
    expect(script.of('change').map((change) => change.origin)).toEqual(['local', 'local'])
  })

  test('edits close together are one step, a pause or a boundary begins another', () => {
    const script = new SessionScript({ undoGroupMs: 500 }).open()
    for (const [at, notation] of [[0, '+a'], [400, '1 +b'], [800, '2 +c'], [2_000, '3 +d']] as const) {
      script.now = at
      script.edit(notation)
    }
    script.state.undoBoundary()
    script.edit('4 +e')
    expect(script.text).toBe('abcde')
    expect(script.undo().text).toBe('abcd')
    expect(script.undo().text).toBe('abc')
    expect(script.undo().text).toBe('')
    expect(script.state.canUndo).toBe(false)
  })

  test('a step is one although others typed inside it', () => {
    const script = new SessionScript({ undoGroupMs: 500 }).open({ userOrdinal: 9 })
    script.edit('+a').change(1, '+X').edit('2 +b').undo()
    expect(script.text).toBe('X')
  })

  test('an edit ends what could be redone', () => {
    const script = new SessionScript({ undoGroupMs: 0 }).open().edit('+a').undo().edit('+b')
    expect(script.state.canRedo).toBe(false)
    expect(script.redo().text).toBe('b')
  })

  test('a step that others have emptied is passed over', () => {
    const script = acked(acked(new SessionScript({ undoGroupMs: 0 }).open(), '+one'), '3 +two').change(3, '3 -3')
    expect(script.undo().text).toBe('')
  })

  test('survives being away: what others did meanwhile is kept', () => {
    const script = acked(new SessionScript({ undoGroupMs: 0 }).open({ userOrdinal: 9 }), '+mine')
    script.state.disconnected()
    script.open({ head: 2, lastSeq: 1, lastVersion: 1 }).change(2, '+"theirs-"')
    expect(script.undo().text).toBe('theirs-')
  })

  test('R6 state path: is kept over the difference', () => {
    const script = acked(new SessionScript({ undoGroupMs: 0 }).open(), '+mine')
    script.state.disconnected()
    script.open({ head: 9, lastSeq: 1, lastVersion: 1, resume: 'snapshot' }).content(9, 'before mine after')
    expect(script.undo().text).toBe('before  after')
    expect(script.redo().text).toBe('before mine after')
  })

  test('R9 reject: nothing of before can be undone or redone', () => {
    const script = acked(new SessionScript({ undoGroupMs: 0 }).open(), '+ok').edit('2 +more').undo()
    expect(script.state).toMatchObject({ canUndo: true, canRedo: true })
    script.reject(2)
    expect(script.state).toMatchObject({ canUndo: false, canRedo: false })
    expect(script.undo().redo().text).toBe('ok')
  })
})
