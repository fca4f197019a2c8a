import { parse } from '@concord/ot'
import type { ServerFrame } from '@concord/protocol'
import { expect, test } from 'vitest'
import { oneContent } from './one-content.ts'
import { actor, change, changed, content, opened, Scene } from '../testing/scene.ts'

function scene(): Scene {
  return new Scene(oneContent, { actors: [actor('ada')] }).receive('ada', opened()).commit(change(1, 0, '+abc')).commit(change(2, 3, '1{bold=true} -1')).commit(change(3, 2, '2 +d'))
}

function composed(fromVersion: number, toVersion: number, units: number, notation: string, epoch = 1): ServerFrame {
  return { kind: 'composed', composed: { fromVersion, toVersion, epoch, operation: parse(units, notation) } }
}

test('what the log says is silent, in every packing', () => {
  const told = scene().receive('ada', changed(change(1, 0, '+abc')), composed(1, 3, 3, '1{bold=true} -1 1 +d'), content(1, 'abc'), content(1, 'ab', 0, 3), content(1, 'c', 2, 3))
  expect(told.violations).toEqual([])
})

test('a change with other text, another author or another time is told', () => {
  const told = 'a change says something else than the log at its version'
  expect(scene().receive('ada', changed(change(1, 0, '+abd'))).violations).toEqual([told])
  expect(scene().receive('ada', changed(change(1, 0, '+abc', { userId: 'bob' }))).violations).toEqual([told])
  expect(scene().receive('ada', changed(change(1, 0, '+abc', { at: 7 }))).violations).toEqual([told])
})

test('an ack with another committed form is told', () => {
  const ack = (notation: string): ServerFrame => ({ kind: 'ack', ack: { seq: 1, version: 3, epoch: 1, durability: 'local', at: 1_000, operation: change(3, 2, notation).operation } })
  expect(scene().receive('ada', ack('2 +d')).violations).toEqual([])
  expect(scene().receive('ada', ack('1 +d')).violations).toEqual(['an ack says something else than the log at its version'])
})

test('a composed group that was under way when the log lost its tail is of another history', () => {
  const lossy = new Scene(oneContent, { actors: [actor('ada')], expect: { mayLoseTail: true } }).receive('ada', opened()).commit(change(1, 0, '+abc')).commit(change(2, 3, '1{bold=true} -1', { epoch: 2 }))
  expect(lossy.receive('ada', composed(0, 2, 0, '+xyz')).violations).toEqual([])
  expect(lossy.receive('ada', composed(0, 2, 0, '+xyz', 2)).violations).toEqual(['a composed group does something else than its versions'])
})

test('a composed group that forgets an attribute is told', () => {
  expect(scene().receive('ada', composed(1, 3, 3, '1 -1 1 +d')).violations).toEqual(['a composed group does something else than its versions'])
  expect(scene().receive('ada', composed(1, 3, 4, '1 -1 1 +d')).violations).toEqual(['a composed group does not fit its versions'])
})

test('a group that takes an attribute away does not equal one that leaves it', () => {
  const both = new Scene(oneContent, { actors: [actor('ada')] }).commit(change(1, 0, '+a')).commit(change(2, 1, '1{bold=true}')).commit(change(3, 1, '1{bold=null}'))
  expect(both.receive('ada', composed(1, 3, 1, '1{bold=null}')).violations).toEqual([])
  expect(both.receive('ada', composed(1, 3, 1, '.')).violations).toHaveLength(1)
})

test('a content that is not that of its version is told', () => {
  expect(scene().receive('ada', content(1, 'abd')).violations).toEqual(['a content says something else than the log at its version'])
  expect(scene().receive('ada', content(3, 'acd')).violations).toHaveLength(1)
})
