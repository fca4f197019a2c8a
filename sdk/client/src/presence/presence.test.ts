import { compose, type Operation, parse, transformPosition } from '@concord/ot'
import type { Author, Participant } from '@concord/protocol'
import { describe, expect, test } from 'vitest'
import type { Commit } from '../session/recent-commits.ts'
import { positionBefore } from './carry.ts'
import { Participants, type View } from './participants.ts'

const ZOE: Author = { userId: 'zoe', userOrdinal: 4, clientId: '0000000100000004' }
const BOB: Author = { userId: 'bob', userOrdinal: 2, clientId: '0000000100000002' }

function zoe(version: number, anchor: number, head = anchor): Participant {
  return { clientId: ZOE.clientId, userId: 'zoe', state: { name: 'Zoe', color: '#123456', activity: 'active', data: '', selection: { version, anchor, head } } }
}

function view(version: number, length: number, commits: readonly Commit[] = [], pending?: Operation): View {
  return { version, length, pending, commitsAfter: (from) => (from === version ? [] : from + commits.length === version ? commits : undefined) }
}

function update(participants: Participants, participant: Participant, at: View): void {
  participants.update({ updated: [participant], left: [], detail: 'full', count: 1 }, at)
}

function selection(participants: Participants) {
  return participants.list()[0]?.selection
}

describe('selections of others', () => {
  test('are carried through later changes of what is shown', () => {
    const participants = new Participants()
    update(participants, zoe(1, 2, 4), view(1, 6))
    participants.changed(parse(6, '+ab'), BOB)
    expect(participants.takeMoved()).toBe(true)
    participants.changed(parse(8, '5 -1'), undefined)
    expect(selection(participants)).toEqual({ anchor: 4, head: 5 })
  })

  test('an author takes its own caret along, another leaves it before what he inserts', () => {
    const participants = new Participants()
    update(participants, zoe(1, 3), view(1, 6))
    participants.changed(parse(6, '3 +xx'), BOB)
    expect(selection(participants)).toEqual({ anchor: 3, head: 3 })
    participants.changed(parse(8, '3 +yy'), ZOE)
    expect(selection(participants)).toEqual({ anchor: 5, head: 5 })
  })

  test('of an older version pass the versions since, and what is pending here', () => {
    const participants = new Participants()
    const commits: Commit[] = [{ version: 2, author: BOB, operation: parse(6, '+12'), at: 0 }]
    update(participants, zoe(1, 3), view(2, 9, commits, parse(8, '+x')))
    expect(selection(participants)).toEqual({ anchor: 6, head: 6 })
  })

  test('of a version that has not arrived wait for it', () => {
    const participants = new Participants()
    update(participants, zoe(3, 5), view(2, 4))
    expect(selection(participants)).toBeUndefined()
    expect(participants.arrived(() => view(2, 4))).toBe(false)
    expect(participants.arrived(() => view(3, 6))).toBe(true)
    expect(selection(participants)).toEqual({ anchor: 5, head: 5 })
  })

  test('of a version nobody keeps stay inside the document', () => {
    const participants = new Participants()
    update(participants, zoe(1, 50), view(90, 6))
    expect(selection(participants)).toEqual({ anchor: 6, head: 6 })
  })

  test('that an edit does not move are no news, and the list stays the one that was read', () => {
    const participants = new Participants()
    update(participants, zoe(1, 2), view(1, 6))
    const before = participants.list()
    participants.changed(parse(6, '4 +ab'), BOB)
    expect(participants.takeMoved()).toBe(false)
    expect(participants.list()).toBe(before)
    participants.changed(parse(8, '+ab'), BOB)
    expect(participants.takeMoved()).toBe(true)
    expect(participants.takeMoved()).toBe(false)
    expect(participants.list()).not.toBe(before)
  })

  test('ask for what is shown only while some wait for a version', () => {
    const participants = new Participants()
    update(participants, zoe(1, 2), view(1, 6))
    const unasked = (): never => {
      throw new Error('nobody waits')
    }
    expect(participants.arrived(unasked)).toBe(false)
    update(participants, zoe(3, 5), view(2, 4))
    expect(participants.arrived(() => view(3, 6))).toBe(true)
    expect(participants.arrived(unasked)).toBe(false)
  })

  test('pass many edits at once as they pass them one by one, also when a state comes in between', () => {
    const [asked, unasked] = [new Participants(), new Participants()]
    for (const participants of [asked, unasked]) update(participants, zoe(1, 2, 5), view(1, 6))
    let length = 6
    for (let round = 0; round < 200; round++) {
      const at = (round * 7) % length
      const operation = round % 3 === 2 ? parse(length, at === 0 ? '-1' : `${at} -1`) : parse(length, at === 0 ? '+ab' : `${at} +ab`)
      length += round % 3 === 2 ? -1 : 2
      for (const participants of [asked, unasked]) participants.changed(operation, round % 2 === 0 ? ZOE : BOB)
      asked.list()
      if (round === 150) for (const participants of [asked, unasked]) update(participants, zoe(9, 3), view(9, length))
    }
    expect(selection(unasked)).toEqual(selection(asked))
  })

  test('go with who leaves', () => {
    const participants = new Participants()
    update(participants, zoe(1, 1), view(1, 6))
    participants.update({ updated: [], left: [ZOE.clientId], detail: 'full', count: 0 }, view(1, 6))
    expect(participants.list()).toEqual([])
  })
})

test('a position goes back to where it was before pending edits', () => {
  const pending = compose(parse(6, '2 +xyz 1 -2'), parse(7, '+ab'))
  const places = Array.from({ length: 10 }, (_, at) => positionBefore(at, pending))
  expect(places).toEqual([0, 0, 0, 1, 2, 2, 2, 2, 3, 6])
  for (const at of [3, 4, 8]) expect(transformPosition(positionBefore(at, pending), pending, 'left')).toBe(at)
})
