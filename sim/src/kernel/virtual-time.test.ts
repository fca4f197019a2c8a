import { expect, test } from 'vitest'
import { KeyedRandom } from './keyed-random.ts'
import { VirtualTime } from './virtual-time.ts'

async function trace(seed: number): Promise<string[]> {
  const world = new VirtualTime(seed)
  const { timers, clock } = world.runtime('a')
  const lines: string[] = []
  for (let i = 0; i < 20; i += 1) timers.set((i * 7) % 5, () => lines.push(`${i}@${clock.monotonic()}`))
  const cleared = timers.set(3, () => lines.push('cleared'))
  timers.clear(cleared)
  timers.set(2, () => void Promise.resolve().then(() => timers.soon(() => lines.push(`soon@${clock.monotonic()}`))))
  await world.runUntil(10)
  expect(world.now).toBe(10)
  return lines
}

test('one seed, one order; another seed, another order; time never goes back', async () => {
  const lines = await trace(1)
  expect(lines).toHaveLength(21)
  expect(await trace(1)).toEqual(lines)
  expect(await trace(2)).not.toEqual(lines)
  const times = lines.map((line) => Number(line.split('@')[1]))
  expect(times).toEqual([...times].sort((a, b) => a - b))
})

test('what is due later stays, and timers of a dead node never run', async () => {
  const world = new VirtualTime(1)
  let alive = true
  const ran: string[] = []
  world.runtime('dies', () => alive).timers.set(5, () => ran.push('dead'))
  world.runtime('lives').timers.set(5, () => ran.push('alive'))
  world.runtime('lives').timers.set(50, () => ran.push('late'))
  alive = false
  await world.runUntil(10)
  expect(ran).toEqual(['alive'])
  expect(world.pending).toBe(1)
})

test('a run that feeds itself is stopped', async () => {
  const world = new VirtualTime(1)
  const { timers } = world.runtime('a')
  const again = () => timers.soon(again)
  again()
  await expect(world.runUntil(1, 100)).rejects.toThrow('more than 100 events')
})

test('random streams: by name, uniform enough, independent of one another', () => {
  const first = new KeyedRandom(7, 'a')
  const draws = Array.from({ length: 10_000 }, () => first.float())
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
  expect(new Set(draws).size).toBeGreaterThan(9_990)
  const again = new KeyedRandom(7, 'a')
  new KeyedRandom(7, 'b').float()
  expect(again.float()).toBe(draws[0])
  expect(new KeyedRandom(7, 'b').float()).not.toBe(draws[0])
})
