import { madeUpEvents, madeUpPlan, madeUpResult } from '@concord/sim/shrink/testing/made-up-run'
import { expect, test } from 'vitest'
import { concord } from '../../../test/in-process.ts'
import { describeFigures } from './live.ts'

test.each([
  [['--compare'], '--compare is for live runs: add --live'],
  [['--url', 'http://127.0.0.1:1'], '--url is for live runs: add --live'],
  [['--live', '--streams', '2'], '--streams takes 0 to 1, not 2'],
  [['--live', '--url', 'nowhere'], '--url takes an address as http://127.0.0.1:7420, not "nowhere"'],
  [['--live', '--speed', '0'], '--speed takes 0.01 to 1000, not 0'],
])('sim run quick %j is refused with what to do', async (options, message) => {
  const { exit, errors } = await concord({}, 'sim', 'run', 'quick', ...options)
  expect([exit, errors]).toEqual([2, expect.stringContaining(message)])
})

test('figures show the prediction before the measurement, and a dash for what one of them did not measure', () => {
  const plan = madeUpPlan(madeUpEvents([{ kind: 'join', actor: 'e/a' }]))
  const of = (overall: NonNullable<Parameters<typeof describeFigures>[0]['overall']>) => ({ ...madeUpResult(plan, [], {}), overall })
  const measured = of({ ack: { samples: 7, p50: 12.34, p95: 20, p99: 100.4, most: 250 }, reconnect: { samples: 1, p50: 1, p95: 1, p99: 1, most: 8_100 } })
  const predicted = of({ ack: { samples: 9, p50: 10, p95: 15, p99: 16, most: 17 }, open: { samples: 1, p50: 3, p95: 3, p99: 3, most: 3 } })
  const lines = describeFigures(measured, predicted).split('\n').map((line) => line.trim().split(/ {2,}/))
  expect(lines[1]).toEqual(['ack', '10.0 / 12.3', '15.0 / 20.0', '16.0 / 100', '17.0 / 250', '9 / 7'])
  expect(lines[2]).toEqual(['open', '3.0 / -', '3.0 / -', '3.0 / -', '3.0 / -', '1 / 0'])
  expect(lines.at(-1)).toEqual(['all back', '- / 8.1 s for the slowest'])
  expect(describeFigures(measured)).toMatch(/ack +12\.3 +20\.0 +100 +250 +7\n/)
})
