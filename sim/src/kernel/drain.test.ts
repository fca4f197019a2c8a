import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { eachAfterTurns, eachSettled } from './drain.ts'
import { VirtualTime } from './virtual-time.ts'

/** Ticks and microtasks that start one another, and a stream at their end. */
function chain(depth: number, done: () => void): void {
  if (depth === 0) {
    void Readable.from(['a', 'b']).toArray().then(done)
  } else if (depth % 3 === 0) process.nextTick(() => chain(depth - 1, done))
  else if (depth % 3 === 1) queueMicrotask(() => chain(depth - 1, done))
  else void (async () => (await null, chain(depth - 1, done)))()
}

/** What `each` lets happen between steps that each start a long chain. */
async function order(each: (step: () => boolean) => Promise<void>): Promise<string[]> {
  const seen: string[] = []
  let at = 0
  await each(() => {
    if (at === 40) return false
    const index = at
    at += 1
    seen.push(`${index} begins`)
    chain(1 + ((index * 17) % 90), () => seen.push(`${index} ends`))
    return true
  })
  return seen
}

test('everything that a step started settles before the next step, as with a turn of the event loop for each', async () => {
  const expected = Array.from({ length: 40 }, (_, index) => [`${index} begins`, `${index} ends`]).flat()
  expect(await order(eachSettled)).toEqual(expected)
  expect(await order((step) => eachAfterTurns(step, 1))).toEqual(expected)
})

test('what throws ends it, and no step runs afterwards', async () => {
  for (const each of [eachSettled, (step: () => boolean) => eachAfterTurns(step, 2)]) {
    let steps = 0
    const failing = (): boolean => {
      steps += 1
      if (steps === 3) throw new Error('third')
      return true
    }
    await expect(each(failing)).rejects.toThrow('third')
    await new Promise((resolve) => setImmediate(resolve))
    expect(steps).toBe(3)
  }
})

test('a level that needs turns of the event loop gets them: an immediate of somebody else runs before the next event', async () => {
  const ran = async (turns: number): Promise<string> => {
    const time = new VirtualTime(1, turns)
    const seen: string[] = []
    for (const delay of [1, 2, 3]) time.schedule(delay, () => void (seen.push(`${delay}`), setImmediate(() => seen.push('i'))))
    await time.runUntil(10)
    return seen.join('')
  }
  expect(await ran(1)).toBe('1i2i3i')
  expect(await ran(0)).toBe('123')
})

test('virtual time runs once at a time', async () => {
  const time = new VirtualTime(1)
  time.schedule(1, () => undefined)
  const run = time.runUntil(5)
  await expect(time.runUntil(5)).rejects.toThrow('running already')
  await run
  expect(time.now).toBe(5)
})
