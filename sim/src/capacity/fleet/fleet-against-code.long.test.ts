import { expect, test } from 'vitest'
import { planOfSeed, runnableScenario } from '../../campaign/plan-of-seed.ts'
import { runPlan } from '../../run/run-plan.ts'
import { DEFAULT_CALIBRATION } from '../costs.ts'
import { FLEET_REPLAYS } from './fleet-replays.ts'
import { runFleet } from './run-fleet.ts'

const CLIENTS = 2_000
const DOWN_MS = 2_000
/** Where the model may be, as a share of where the real code was. */
const MOST_OFF = 0.15

/**
 * The same herd twice: real server and SDK at message level, and the fleet model with the same number of clients, the
 * same time without a server, the round trip of half office and half home. The last client is left out: he drew the
 * longest delay of all, in either.
 */
test('the fleet model brings a herd back as the real code does, within 15 % at 50, 90 and 99 %', async () => {
  const { series, faults } = await runPlan(planOfSeed(runnableScenario('reconnect-herd-small'), 1))
  const killedAt = faults[0]?.fromMs ?? 0
  const empty = series.connections.findIndex((online, step) => step * series.stepMs >= killedAt && online === 0)
  const codeMs = (share: number): number => (series.connections.findIndex((online, step) => step > empty && online >= CLIENTS * share) + 0.5) * series.stepMs - killedAt
  const base = FLEET_REPLAYS.get('herd-one-server')?.make(DEFAULT_CALIBRATION)
  if (base === undefined) throw new Error('the replay is gone')
  const model = runFleet({ ...base, clients: CLIENTS, rttMs: 20, handshakes: 0, coldShare: 0, unreachable: { untilMs: DOWN_MS, how: 'refused' }, costs: { ...base.costs, online: 0 } })
  for (const [name, share] of [['p50', 0.5], ['p90', 0.9], ['p99', 0.99]] as const) {
    const off = (model.backAfterMs[name] ?? Infinity) / codeMs(share) - 1
    console.log(`${name}: model ${Math.round(model.backAfterMs[name] ?? 0)} ms, real code ${Math.round(codeMs(share))} ms, off by ${(off * 100).toFixed(1)} %`)
    expect(Math.abs(off), name).toBeLessThan(MOST_OFF)
  }
}, 300_000)
