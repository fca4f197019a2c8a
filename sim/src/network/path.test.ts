import { describe, expect, test } from 'vitest'
import { KeyedRandom } from '../kernel/keyed-random.ts'
import { VirtualTime } from '../kernel/virtual-time.ts'
import { type LinkModel, PERFECT } from '../plan/link-model.ts'
import { Conditions } from './conditions.ts'
import { GIVE_UP_MS, Path } from './path.ts'

function setUp(model: Partial<LinkModel>, direction: 'up' | 'down' = 'down') {
  const time = new VirtualTime(1)
  const conditions = new Conditions(time, 'path', new KeyedRandom(1, 'path'), { ...PERFECT, ...model })
  const state = { blocked: false, gaveUpAt: 0, freed: 0 }
  const path = new Path({
    conditions,
    direction,
    blocked: () => state.blocked,
    gaveUp: () => (state.gaveUpAt = time.now),
    freed: () => (state.freed += 1),
  })
  const arrived: (readonly [number, number])[] = []
  const send = (n: number, bytes = 0) => path.send(() => arrived.push([n, time.now]), bytes)
  return { time, conditions, state, path, arrived, send }
}

describe('delay', () => {
  test.each([
    [40, 200],
    [5, 6],
    [100, 1_000],
  ])('is log-normal with median %i ms and 99th percentile %i ms', (delayMs, delayP99Ms) => {
    const conditions = new Conditions(new VirtualTime(1), 'path', new KeyedRandom(7, 'draws'), { ...PERFECT, delayMs, delayP99Ms })
    const draws = Array.from({ length: 10_000 }, () => conditions.delay()).sort((a, b) => a - b)
    expect(draws[5_000]! / delayMs).toBeCloseTo(1, 1)
    expect(Math.abs(draws[9_900]! / delayP99Ms - 1)).toBeLessThan(0.1)
  })

  test('is constant where both are the same', () => {
    const conditions = new Conditions(new VirtualTime(1), 'path', new KeyedRandom(7, 'draws'), { ...PERFECT, delayMs: 30, delayP99Ms: 30 })
    expect(new Set(Array.from({ length: 100 }, () => conditions.delay()))).toEqual(new Set([30]))
  })
})

describe('order', () => {
  test('is first in, first out, whatever the delays', async () => {
    const { time, arrived, send } = setUp({ delayMs: 20, delayP99Ms: 100 })
    for (let n = 0; n < 500; n += 1) time.schedule(n * 20, () => send(n))
    await time.runUntil(60_000)
    expect(arrived.map(([n]) => n)).toEqual(Array.from({ length: 500 }, (_, n) => n))
    expect(new Set(arrived.map(([, at]) => at)).size).toBeGreaterThan(100)
  })

  test('what leaves at one instant arrives in one event', async () => {
    const { time, arrived, send } = setUp({ delayMs: 20, delayP99Ms: 500 })
    for (let n = 0; n < 50; n += 1) send(n)
    await time.runUntil(60_000)
    expect(arrived).toHaveLength(50)
    expect(time.count).toBe(1)
  })
})

describe('bandwidth', () => {
  test('spreads what leaves at one instant by its size', async () => {
    const { time, arrived, send } = setUp({ delayMs: 10, delayP99Ms: 10, bandwidth: 100_000 })
    for (let n = 0; n < 3; n += 1) send(n, 1_000)
    await time.runUntil(60_000)
    expect(arrived.map(([, at]) => Math.round(at))).toEqual([20, 30, 40])
  })
})

describe('window', () => {
  test('bounds what is under way; the rest waits for acknowledgements', async () => {
    const { time, arrived, send, path, state } = setUp({ delayMs: 100, delayP99Ms: 100, window: 2_000 })
    for (let n = 0; n < 6; n += 1) send(n, 1_000)
    expect(path.hasRoom()).toBe(false)
    await time.runUntil(60_000)
    expect(arrived.map(([, at]) => Math.round(at))).toEqual([100, 100, 300, 300, 500, 500])
    expect(path.hasRoom()).toBe(true)
    expect(state.freed).toBe(1)
    expect(path.held).toBe(0)
  })

  test('that is taken away lets everything go', async () => {
    const { time, arrived, send, conditions, path, state } = setUp({ delayMs: 100, delayP99Ms: 100, window: 1_000 })
    for (let n = 0; n < 6; n += 1) send(n, 1_000)
    expect(path.hasRoom()).toBe(false)
    conditions.model = PERFECT
    await time.runUntil(60_000)
    expect(arrived).toHaveLength(6)
    expect(state.freed).toBe(1)
  })
})

describe('partition', () => {
  test('that heals in time only delays: lost traffic is sent again, in order', async () => {
    const { time, arrived, send, state } = setUp({ delayMs: 10, delayP99Ms: 10 })
    state.blocked = true
    send(1)
    send(2)
    await time.runUntil(5_000)
    expect(arrived).toEqual([])
    state.blocked = false
    await time.runUntil(30_000)
    expect(arrived.map(([n]) => n)).toEqual([1, 2])
    expect(state.gaveUpAt).toBe(0)
  })

  test('that lasts kills the path', async () => {
    const { time, arrived, send, state } = setUp({ delayMs: 10, delayP99Ms: 10 })
    state.blocked = true
    send(1)
    await time.runUntil(120_000)
    state.blocked = false
    send(2)
    await time.runUntil(240_000)
    expect(arrived).toEqual([])
    expect(state.gaveUpAt).toBe(10 + GIVE_UP_MS)
  })
})

test('a reader that takes nothing gets what came meanwhile when it reads again', async () => {
  const { time, arrived, send, conditions } = setUp({ delayMs: 10, delayP99Ms: 10 })
  conditions.stalledUntil = 5_000
  send(1)
  await time.runUntil(4_999)
  expect(arrived).toEqual([])
  await time.runUntil(6_000)
  expect(arrived).toEqual([[1, 5_000]])
})
