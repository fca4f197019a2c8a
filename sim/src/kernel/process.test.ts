import type { Runtime } from '@concord/runtime'
import { expect, test } from 'vitest'
import { Process } from './process.ts'
import { VirtualTime } from './virtual-time.ts'

function started(seed = 1): { time: VirtualTime; process: Process; runtime: Runtime; seen: string[]; see: (what: string) => () => void } {
  const time = new VirtualTime(seed)
  const process = new Process(time, 'node')
  const runtime = process.start()
  const seen: string[] = []
  return { time, process, runtime, seen, see: (what) => () => void seen.push(`${what}@${Math.round(time.now)}`) }
}

test('what a generation scheduled dies with it; the next one has a life, and randomness, of its own', async () => {
  const { time, process, runtime, seen, see } = started()
  runtime.timers.set(10, see('first'))
  runtime.timers.soon(see('soon'))
  process.kill()
  expect(process.state).toBe('down')
  const next = process.start()
  next.timers.set(10, see('second'))
  runtime.timers.set(10, see('scheduled by the dead'))
  await time.runUntil(100)
  expect(seen).toEqual(['second@10'])
  expect(process.generation).toBe(3)
  expect(next.random.float()).not.toBe(started().runtime.random.float())
})

test('a promise of a dead generation never settles: what would settle it never runs, and nothing after it does', async () => {
  const { time, process, runtime, seen, see } = started()
  const work = async (): Promise<void> => {
    try {
      await new Promise<void>((resolve) => runtime.timers.set(10, resolve))
      see('after the wait')()
    } finally {
      see('finally')()
    }
  }
  void work().then(see('settled'), see('settled'))
  time.schedule(5, () => process.kill())
  time.schedule(6, () => process.start())
  await time.runUntil(1_000)
  expect(seen).toEqual([])
})

test('what falls due while paused runs when it resumes, in its order, before anything due later', async () => {
  const { time, process, runtime, seen, see } = started()
  for (const due of [30, 10, 20, 40, 10.5]) runtime.timers.set(due, see(`due ${due}`))
  runtime.timers.set(60, () => runtime.timers.soon(see('soon')))
  process.pause()
  expect(process.state).toBe('paused')
  time.schedule(50, () => process.resume())
  await time.runUntil(45)
  expect(seen).toEqual([])
  await time.runUntil(100)
  expect(seen).toEqual(['due 10@50', 'due 10.5@50', 'due 20@50', 'due 30@50', 'due 40@50', 'soon@60'])
})

test('paused again before it has caught up, it goes on where it was', async () => {
  const { time, process, runtime, seen, see } = started()
  runtime.timers.set(1, () => (see('a')(), process.pause()))
  for (const what of ['b', 'c', 'd']) runtime.timers.set(2, see(what))
  const order: string[] = []
  process.pause()
  time.schedule(10, () => process.resume())
  time.schedule(20, () => process.resume())
  await time.runUntil(15)
  expect(seen).toEqual(['a@10'])
  await time.runUntil(30)
  order.push(...seen.slice(1).map((line) => line[0] ?? '').sort())
  expect(order).toEqual(['b', 'c', 'd'])
  expect(seen.every((line) => /@(10|20)$/.test(line))).toBe(true)
})

test('a timer that was cleared, by somebody else while it was parked, does not run on resume', async () => {
  const { time, process, runtime, seen, see } = started()
  const second = runtime.timers.set(2, see('cleared by the first'))
  runtime.timers.set(1, () => (see('first')(), runtime.timers.clear(second)))
  runtime.timers.clear(runtime.timers.set(1, see('cleared before')))
  process.pause()
  time.schedule(5, () => process.resume())
  await time.runUntil(10)
  expect(seen).toEqual(['first@5'])
})

test('what is delivered to a paused process waits, to a dead one is gone, to a killed pause too', async () => {
  const { time, process, seen, see } = started()
  process.deliver(see('up'))
  process.pause()
  process.deliver(see('paused'))
  process.kill()
  process.resume()
  expect(process.state).toBe('down')
  process.deliver(see('down'))
  const generation = process.generation
  process.start()
  process.deliver(see('late'), generation)
  await time.runUntil(10)
  expect(seen).toEqual(['up@0'])
})

test('a skewed wall clock says so; durations do not', async () => {
  const { time, process, runtime } = started()
  const start = runtime.clock.now()
  await time.runUntil(1_000.5)
  process.skewMs = -250
  expect(runtime.clock.now() - start).toBe(750)
  expect(runtime.clock.monotonic()).toBe(1_000.5)
  process.skewMs = 3_600_000
  expect(runtime.clock.now() - start).toBe(3_601_000)
})
