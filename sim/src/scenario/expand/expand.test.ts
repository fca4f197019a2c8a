import { expect, test } from 'vitest'
import type { Plan } from '../../plan/plan.ts'
import type { PlanEvent } from '../../plan/plan-event.ts'
import { uniqueIn } from '../../plan/unique-text.ts'
import { expand } from './expand.ts'
import { parsePlan } from '../file/parse-plan.ts'
import { listScenarios, loadScenario } from '../file/load-scenario.ts'
import { parseScenario } from '../file/parse-scenario.ts'
import { plainText } from './typing.ts'

const LOAD = `name: load
title: A load
about: For tests.
duration: 60s
topology: { nodes: 2, route: spread }
documents:
  a: { size: 1 KB }
  b: { count: 3 }
actors:
  writers: { count: 4, document: a, join: { over: 5s }, text: unique, does: { rate: 2/s, presence: 6/min, edits: { insert: 6, delete: 2, undo: 1, format: 1 } } }
  others: { count: 6, document: b, idle: 50 %, text: unique, link: { office: 50 %, mobile: 50 % }, leave: { at: 40s, over: 5s } }
steps:
  - { at: 20s, for: 10s, group: writers, rate: x10 }
faults:
  - { fault: kill, node: any, rate: 6/min, for: 1s..4s }
  - { fault: offline, on: writers, share: 50 %, at: 15s, over: 2s, for: 3s }
`

const load = (change: (text: string) => string = (text) => text, seed = 1): Plan => expand(parseScenario(change(LOAD), 'load.yaml'), seed)

/** Events that concern a group alone. */
function eventsOf(plan: Plan, group: string): PlanEvent[] {
  return plan.events.filter((event) => 'actor' in event && event.actor.startsWith(`${group}/`))
}

/** The first actors of a large plan, and some of what they do. */
function thinned(plan: Plan): Plan {
  const actors = plan.world.actors.slice(0, 1_000)
  const names = new Set(actors.map(({ name }) => name))
  const theirs = plan.events.filter((event) => !('actor' in event) || names.has(event.actor))
  const step = Math.ceil(theirs.length / 1_000)
  return { ...plan, world: { ...plan.world, actors }, events: theirs.filter((_, index) => index % step === 0) }
}

test('the same scenario and seed give the same plan, another seed another one', () => {
  for (const name of ['swarm', 'quick', 'zone-loss']) {
    const scenario = loadScenario(name)
    expect(JSON.stringify(expand(scenario, 7))).toBe(JSON.stringify(expand(scenario, 7)))
    expect(expand(scenario, 7).events).not.toEqual(expand(scenario, 8).events)
  }
})

test('every scenario file is called as it is named, and expands to a plan that its schema takes', () => {
  for (const { name } of listScenarios()) {
    const scenario = loadScenario(name)
    expect(scenario.name).toBe(name)
    const plan = expand(scenario, 1)
    expect(() => parsePlan(JSON.stringify(thinned(plan)), `${name}.json`), name).not.toThrow()
    expect(plan.events.length, name).toBeGreaterThan(0)
    expect(plan.events.every(({ at }) => at < plan.endMs), name).toBe(true)
  }
})

test('hundreds of swarms give plans that the schema takes', () => {
  const scenario = loadScenario('swarm')
  for (let seed = 1; seed <= 300; seed += 1) expect(() => parsePlan(JSON.stringify(expand(scenario, seed)), `seed ${seed}`)).not.toThrow()
})

test('what one group does is not changed by another one, nor by a fault', () => {
  const plan = load()
  expect(eventsOf(load((text) => text.replace('writers: { count: 4', 'writers: { count: 9')), 'others')).toEqual(eventsOf(plan, 'others'))
  expect(eventsOf(load((text) => text.replace('rate: 2/s', 'rate: 5/s')), 'others')).toEqual(eventsOf(plan, 'others'))
  expect(eventsOf(load((text) => text.replace('idle: 50 %, ', '')), 'writers')).toEqual(eventsOf(plan, 'writers'))
  expect(eventsOf(load((text) => text.slice(0, text.indexOf('faults:'))), 'others')).toEqual(eventsOf(plan, 'others'))
  const kills = ({ events }: Plan) => events.filter(({ id }) => id.startsWith('kill.'))
  expect(kills(load((text) => text.replace('writers: { count: 4', 'writers: { count: 9')))).toEqual(kills(plan))
})

test('one actor more leaves the times and kinds of the others as they are', () => {
  const shape = (plan: Plan) => eventsOf(plan, 'writers').filter((event) => 'actor' in event && event.actor === 'writers/2').map(({ id, at, kind }) => ({ id, at, kind }))
  expect(shape(load((text) => text.replace('writers: { count: 4', 'writers: { count: 9')))).toEqual(shape(load()))
})

test('a step changes the pace in its time alone', () => {
  const between = (plan: Plan, from: number, to: number) => plan.events.filter(({ id, at, kind }) => id.startsWith('writers/') && kind !== 'presence' && at >= from && at < to).length
  const plan = load()
  const flat = load((text) => text.replace(/steps:\n.*\n/, ''))
  const before = ({ events }: Plan) => events.filter(({ id, at }) => id.startsWith('writers/') && at < 20_000).map(({ id, at, kind }) => ({ id, at, kind }))
  expect(before(plan)).toEqual(before(flat))
  // Four writers at 2/s: 80 edits in ten seconds.
  expect(between(plan, 5_000, 15_000)).toBeGreaterThan(65)
  expect(between(plan, 5_000, 15_000)).toBeLessThan(95)
  expect(between(plan, 20_000, 30_000) / between(plan, 5_000, 15_000)).toBeGreaterThan(8)
  expect(between(plan, 30_000, 40_000)).toBeLessThan(95)
})

test('no character is typed twice', () => {
  for (const plan of [load(), ...[1, 2, 3].map((seed) => expand(loadScenario('swarm'), seed)), expand(loadScenario('owner-crash'), 1)]) {
    const texts = plan.events.flatMap((event) => ('text' in event ? [event.text] : []))
    const characters = texts.flatMap((text) => [...text])
    expect(new Set(characters).size).toBe(characters.length)
    expect(uniqueIn(texts.join('')).size).toBe(characters.length)
  }
})

test('events stand in the order of time, ids are unique, and what one needs stands before it', () => {
  for (const plan of [load(), ...Array.from({ length: 50 }, (_, seed) => expand(loadScenario('swarm'), seed))]) {
    const seen = new Set<string>()
    const wrong = plan.events.filter(({ id, at, needs = [] }, index) => {
      const isWrong = at < (plan.events[index - 1]?.at ?? 0) || seen.has(id) || !needs.every((need) => seen.has(need))
      seen.add(id)
      return isWrong
    })
    expect(wrong).toEqual([])
  }
})

test('what begins and lasts ends again, and the end needs the beginning', () => {
  const { events, endMs } = load()
  const starts = events.filter(({ kind }) => kind === 'start')
  const kills = events.filter(({ kind }) => kind === 'kill')
  expect(kills.length).toBeGreaterThan(2)
  for (const { id, at } of kills) {
    const end = starts.find(({ needs }) => needs?.includes(id))
    expect(end === undefined ? at + 4_000 >= endMs : end.at - at >= 1_000 && end.at - at <= 4_000).toBe(true)
  }
  const offline = events.filter(({ kind, id }) => kind === 'offline' && id.startsWith('offline.'))
  expect(offline.length).toBeGreaterThan(0)
  expect(offline.every(({ at }) => at >= 15_000 && at <= 17_000)).toBe(true)
})

test('actors prefer nodes in turn, come and go in their time, and half of a group idles', () => {
  const { world, events } = load((text) => text.replace('count: 6', 'count: 400'))
  expect(world.actors.filter(({ group }) => group === 'writers').map(({ node }) => node)).toEqual(['n1', 'n2', 'n1', 'n2'])
  expect(new Set(world.actors.filter(({ group }) => group === 'others').map(({ document }) => document))).toEqual(new Set(['b-1', 'b-2', 'b-3']))
  const leaves = events.filter(({ kind }) => kind === 'leave')
  expect(leaves).toHaveLength(400)
  expect(leaves.every(({ at }) => at >= 40_000 && at <= 45_000)).toBe(true)
  const busy = new Set(events.flatMap((event) => (event.kind === 'insert' && event.actor.startsWith('others/') ? [event.actor] : [])))
  expect(busy.size).toBeGreaterThan(150)
  expect(busy.size).toBeLessThan(250)
  const mobile = world.actors.filter(({ link }) => link === 'mobile').length
  expect(mobile).toBeGreaterThan(150)
  expect(mobile).toBeLessThan(250)
})

test('a hundred thousand actors expand', () => {
  const plan = expand(loadScenario('reconnect-herd'), 1)
  expect(plan.world.actors).toHaveLength(100_000)
  expect(plan.events.length).toBeGreaterThan(100_000)
})

test('plain text is never one of the unique characters', () => {
  expect(uniqueIn(plainText({ below: (most: number) => most - 1 } as never, 10)).size).toBe(0)
})
