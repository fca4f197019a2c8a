import { expect, test } from 'vitest'
import { Fifo } from './fifo.ts'
import { Process } from './process.ts'
import { Processor } from './processor.ts'
import { VirtualTime } from './virtual-time.ts'

function machine(): { time: VirtualTime; process: Process; processor: Processor; done: string[]; work: (name: string, costMs: number) => void } {
  const time = new VirtualTime(1)
  const process = new Process(time, 'node')
  process.start()
  const processor = new Processor(time, process)
  const done: string[] = []
  return { time, process, processor, done, work: (name, costMs) => processor.charge(costMs, () => done.push(`${name}@${time.now}`)) }
}

test('work is done in order, each piece after the one before, free work too; an idle processor does free work at once', async () => {
  const { time, processor, done, work } = machine()
  work('free', 0)
  expect(done).toEqual(['free@0'])
  work('a', 10)
  work('b', 5)
  work('c', 0)
  time.schedule(12, () => work('d', 1))
  time.schedule(100, () => work('e', 1))
  await time.runUntil(12)
  expect([processor.busyMs, processor.queued]).toEqual([12, 3])
  await time.runUntil(200)
  expect(done.slice(1)).toEqual(['a@10', 'b@15', 'c@15', 'd@16', 'e@101'])
  expect([processor.busyMs, processor.queued]).toEqual([17, 0])
})

test('what a piece of work asks for comes after what waits already', async () => {
  const { time, processor, done, work } = machine()
  processor.charge(1, () => work('asked for', 1))
  work('waits', 1)
  await time.runUntil(10)
  expect(done).toEqual(['waits@2', 'asked for@3'])
})

test('a slow processor takes longer from the next piece on', async () => {
  const { time, processor, done, work } = machine()
  work('a', 10)
  work('b', 10)
  processor.slowness = 3
  await time.runUntil(100)
  expect(done).toEqual(['a@10', 'b@40'])
})

test('a pause holds work up in its order, and a death empties it', async () => {
  const { time, process, processor, done, work } = machine()
  for (const name of ['a', 'b', 'c']) work(name, 10)
  time.schedule(5, () => process.pause())
  time.schedule(50, () => process.resume())
  time.schedule(65, () => process.kill())
  time.schedule(66, () => work('while down', 1))
  time.schedule(70, () => process.start())
  time.schedule(71, () => work('next life', 1))
  await time.runUntil(200)
  expect(done).toEqual(['a@50', 'b@60', 'next life@72'])
  expect(processor.queued).toBe(0)
})

test('a long queue gives back what was put in, in order', () => {
  const fifo = new Fifo<number>()
  const out: number[] = []
  for (let i = 0; i < 5_000; i += 1) {
    fifo.push(i)
    if (i % 3 === 2) out.push(fifo.shift() ?? -1)
  }
  expect(fifo.size).toBe(5_000 - out.length)
  for (let item = fifo.shift(); item !== undefined; item = fifo.shift()) out.push(item)
  expect(out).toEqual(Array.from({ length: 5_000 }, (_, index) => index))
  fifo.push(1)
  fifo.clear()
  expect([fifo.size, fifo.shift()]).toEqual([0, undefined])
})
