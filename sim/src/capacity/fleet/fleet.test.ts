import { expect, test } from 'vitest'
import { DEFAULT_CALIBRATION } from '../costs.ts'
import { CalendarQueue } from './calendar-queue.ts'
import { FLEET_REPLAYS } from './fleet-replays.ts'
import type { FleetScenario } from './fleet-scenario.ts'
import { LogHistogram } from './log-histogram.ts'
import { retryDelay, SDK_POLICY } from './retry-policy.ts'
import { runFleet } from './run-fleet.ts'

function replay(name: string, change: Partial<FleetScenario> = {}): FleetScenario {
  const found = FLEET_REPLAYS.get(name)
  if (found === undefined) throw new Error(`no replay ${name}`)
  return { ...found.make(DEFAULT_CALIBRATION), name, ...change }
}

test('the calendar runs every event once, in order of time, whatever the distance', () => {
  const queue = new CalendarQueue(6)
  const times = [5.5, 0.25, 400_000, 5.25, 131_072, 131_071.5]
  times.forEach((time, client) => queue.push(client, time))
  const seen: [number, number][] = []
  queue.run(500_000, (client, time) => void seen.push([client, time]))
  expect(seen).toEqual([[1, 0.25], [3, 5.25], [0, 5.5], [5, 131_071.5], [4, 131_072], [2, 400_000]])
})

test('the calendar runs what an event adds to its own millisecond, and keeps the rest for later', () => {
  const queue = new CalendarQueue(2)
  const seen: number[] = []
  queue.push(0, 1)
  queue.push(1, 50)
  queue.run(10, (client, time) => {
    seen.push(time)
    if (time < 1.2) queue.push(client, time + 0.1)
  })
  expect(seen.map((time) => time.toFixed(1))).toEqual(['1.0', '1.1', '1.2'])
  expect(queue.size).toBe(1)
})

test('a station is an M/D/1 queue: mean wait = load / (2 (1 - load)) services (Pollaczek and Khinchine)', () => {
  for (const load of [0.3, 0.6, 0.8]) {
    const [clients, service] = [300_000, 10]
    const result = runFleet(replay('morning-rush', {
      clients, others: 0, gateways: 1, nodes: 1, coldShare: 0, rttMs: 0, handshakes: 0, connectTimeoutMs: 1e9, openTimeoutMs: 1e9, stopAtMs: 1e8,
      begin: { kind: 'arrival', overMs: (clients * service) / load, shape: 'even' },
      costs: { connect: service, open: 0, load: 0, reject: 0, online: 0 },
    }))
    expect(result.neverBack).toBe(0)
    const theory = (load * service) / (2 * (1 - load))
    expect(result.meanOpenMs - service, `load ${load}`).toBeGreaterThan(theory * 0.93)
    expect(result.meanOpenMs - service, `load ${load}`).toBeLessThan(theory * 1.07)
  }
})

test.each(['herd', 'herd-one-server', 'region-loss', 'morning-rush'])('%s: every client is online exactly once, and the same seed gives the same run', (name) => {
  const full = replay(name)
  const scale = 5_000 / full.clients
  const small = { ...full, clients: 5_000, others: Math.round(full.others * scale), gateways: Math.max(1, Math.round(full.gateways * scale)) }
  const [first, second, other] = [runFleet(small), runFleet(small), runFleet({ ...small, seed: 2 })]
  expect(first).toMatchObject({ back: 5_000, neverBack: 0 })
  expect(first.attempts).toBe(5_000 + first.refused + first.turnedAway + first.timedOut)
  expect(second.hash).toBe(first.hash)
  expect(other.hash).not.toBe(first.hash)
  expect(first.series.online.at(-1)).toBe(5_000)
})

test('without backoff the herd of the postmortem feeds itself; with admission control it goes home', () => {
  const scale = { clients: 10_000, gateways: 1, nodes: 1, stopAtMs: 15 * 60_000 }
  const none = runFleet(replay('postmortem', scale))
  const admitted = runFleet(replay('postmortem-admission', scale))
  expect(none.back).toBeLessThan(1_000)
  expect(none.wastedMs).toBeGreaterThan(100_000)
  expect(admitted.neverBack).toBe(0)
  expect(admitted.backAfterMs.p100).toBeGreaterThan(10_000 * 50)
})

test('nobody gets in while nothing answers, and delays grow as the SDK lets them', () => {
  const result = runFleet(replay('herd', { clients: 2_000, others: 0, unreachable: { untilMs: 60_000, how: 'refused' } }))
  expect(result.backAfterMs.p50).toBeGreaterThan(60_000)
  expect(result.neverBack).toBe(0)
  expect([0, 1, 5, 6, 12].map((failures) => retryDelay(SDK_POLICY, failures, 1))).toEqual([500, 1_000, 16_000, 30_000, 30_000])
})

test('percentiles of the histogram are right to 1 %', () => {
  const histogram = new LogHistogram()
  for (let value = 1; value <= 10_000; value++) histogram.add(value)
  for (const percent of [1, 50, 90, 99]) expect(histogram.percentile(percent) / (percent * 100)).toBeCloseTo(1, 1)
  expect(histogram.percentile(100)).toBe(10_000)
})
