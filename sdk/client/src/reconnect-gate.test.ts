import { describe, expect, test } from 'vitest'
import { VirtualRuntime } from '../test/virtual-runtime.ts'
import { ReconnectGate } from './reconnect-gate.ts'

/** Fails `failures` times in a row, one attempt after the other. */
async function failedOften(failures: number, seed = 1): Promise<{ readonly runtime: VirtualRuntime; readonly gate: ReconnectGate }> {
  const runtime = new VirtualRuntime(seed)
  const gate = new ReconnectGate(runtime)
  for (let i = 0; i < failures; i++) gate.failed(gate.begin())
  return { runtime, gate }
}

describe('delays', () => {
  test('full jitter: drawn from nothing to half a second doubled by each failure, at most 30 s', async () => {
    for (const failures of [0, 1, 2, 3, 4]) {
      const drawn: number[] = []
      for (let seed = 1; seed <= 200; seed++) {
        const { runtime, gate } = await failedOften(failures, seed)
        gate.wait(() => {})
        drawn.push(runtime.delays[0]!)
      }
      const cap = Math.min(30_000, 500 * 2 ** failures)
      expect(Math.max(...drawn)).toBeLessThanOrEqual(cap)
      expect(Math.max(...drawn)).toBeGreaterThan(cap * 0.9)
      expect(Math.min(...drawn)).toBeLessThan(cap * 0.1)
    }
    const { runtime, gate } = await failedOften(40)
    gate.wait(() => {})
    expect(runtime.delays[0]).toBeLessThanOrEqual(30_000)
  })

  test("the server's word wins over the jitter", async () => {
    const { runtime, gate } = await failedOften(7)
    gate.wait(() => {}, 1_234)
    expect(runtime.delays).toEqual([1_234])
  })
})

describe('after five failures', () => {
  test('one waiter probes at a time, the others wait without a timer', async () => {
    const { runtime, gate } = await failedOften(5)
    const tried: number[] = []
    for (const name of [1, 2, 3]) {
      const attempt = (): void => {
        tried.push(name)
        gate.failed(gate.begin())
        gate.wait(attempt)
      }
      gate.wait(attempt)
    }
    expect(runtime.delays).toHaveLength(1)
    for (let i = 0; i < 6; i++) {
      await runtime.advance(30_000)
      expect(runtime.delays).toHaveLength(1)
    }
    expect(new Set(tried).size).toBeGreaterThan(1)
  })

  test('when the probe gets through, the others follow within half a second', async () => {
    const { runtime, gate } = await failedOften(6)
    const tried: number[] = []
    gate.wait(() => gate.succeeded())
    for (const name of [1, 2, 3]) gate.wait(() => tried.push(name))
    expect(runtime.delays).toHaveLength(1)
    await runtime.advance(30_000)
    await runtime.advance(500)
    expect(tried.toSorted()).toEqual([1, 2, 3])
  })

  test('a probe that is given up leaves its turn to the next', async () => {
    const { runtime, gate } = await failedOften(6)
    const cancel = gate.wait(() => {})
    let tried = false
    gate.wait(() => (tried = true))
    cancel()
    await runtime.advance(30_000)
    expect(tried).toBe(true)
  })
})

test('attempts side by side that fail together are one failure', () => {
  const gate = new ReconnectGate(new VirtualRuntime())
  const attempts = [gate.begin(), gate.begin(), gate.begin()]
  for (const attempt of attempts) gate.failed(attempt)
  expect(gate.failureCount).toBe(1)
})

test('hurry lets everybody try at once and forgets the failures', async () => {
  const { gate } = await failedOften(9)
  const tried: number[] = []
  for (const name of [1, 2]) gate.wait(() => tried.push(name))
  gate.hurry()
  expect(tried).toEqual([1, 2])
  expect(gate.failureCount).toBe(0)
})
