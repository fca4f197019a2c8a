import { DEFAULT_CALIBRATION } from '../src/capacity/costs.ts'
import { FLEET_REPLAYS } from '../src/capacity/fleet/fleet-replays.ts'
import { runFleet } from '../src/capacity/fleet/run-fleet.ts'
import { holdGuard } from '../src/kernel/guard.ts'
import { messageLink } from '../src/network/message/message-link.ts'
import { runPlan } from '../src/run/run-plan.ts'
import { expand } from '../src/scenario/expand/expand.ts'
import { loadScenario } from '../src/scenario/file/load-scenario.ts'
import { type Attach, BARE, fanOut, REAL, secondsSince } from './fan-out.ts'

/** One figure of the simulator's speed. */
export interface SpeedRow {
  readonly id: string
  readonly title: string
  readonly unit: string
  readonly better: 'higher' | 'lower'
  /** Of the project's targets; absent where it sets none. */
  readonly target?: number
  /** How often at most: what takes minutes is measured once. */
  readonly mostRounds?: number
}

/** What one round gives: a figure for each row that it measures. */
export interface SpeedGroup {
  readonly rows: readonly SpeedRow[]
  /** Runs in a process of its own. @returns one figure per row */
  measure(): Promise<readonly number[]>
}

const VIEWERS = 2_000
const VIRTUAL_SECONDS = 20

/** Seeds that make the process warm before those that are measured, as in a campaign of thousands. */
const WARM_SEEDS = 150

export const SPEED_GROUPS: readonly SpeedGroup[] = [
  {
    rows: [{ id: 'fan-out', title: 'level message, 2,000 readers with bare handlers', unit: 'messages/s of a core', better: 'higher', target: 200_000 }],
    measure: () => messagesPerSecond(BARE),
  },
  {
    rows: [{ id: 'fan-out-clients', title: 'level message, 2,000 readers with real clients', unit: 'messages/s of a core', better: 'higher', target: 200_000 }],
    measure: () => messagesPerSecond(REAL),
  },
  {
    rows: [{ id: 'small-seeds', title: 'small seeds (scenario quick), every checker', unit: 'seeds/s of a core', better: 'higher', target: 500 }],
    measure: () => seedsPerSecond('quick', 1_000),
  },
  { rows: [{ id: 'swarm-seeds', title: 'swarm seeds, every checker', unit: 'seeds/s of a core', better: 'higher' }], measure: () => seedsPerSecond('swarm', 200) },
  {
    rows: [
      { id: 'herd', title: 'a herd of 100,000 real clients comes back', unit: 's of wall time', better: 'lower', target: 60, mostRounds: 1 },
      { id: 'herd-core', title: 'the same', unit: 's of processor time', better: 'lower', mostRounds: 1 },
      { id: 'herd-memory', title: 'the same', unit: 'MB of memory at most', better: 'lower', mostRounds: 1 },
    ],
    measure: herd,
  },
  { rows: [{ id: 'fleet', title: 'fleet model, 10 million sessions, a region is lost', unit: 's of wall time', better: 'lower', target: 300, mostRounds: 1 }], measure: fleet },
]

async function messagesPerSecond(attach: Attach): Promise<number[]> {
  const { messages, seconds } = await fanOut(messageLink, attach, VIEWERS, VIRTUAL_SECONDS)
  return [messages / seconds]
}

async function seedsPerSecond(name: string, count: number): Promise<number[]> {
  const scenario = loadScenario(name)
  const run = async (seed: number): Promise<void> => {
    const { verdict, because } = await runPlan(expand(scenario, seed))
    if (verdict !== 'pass') throw new Error(`${name} seed ${seed}: ${verdict}, ${because}`)
  }
  holdGuard()
  for (let seed = 1; seed <= WARM_SEEDS; seed += 1) await run(seed)
  const from = process.cpuUsage()
  for (let seed = WARM_SEEDS + 1; seed <= WARM_SEEDS + count; seed += 1) await run(seed)
  return [count / secondsSince(from)]
}

async function herd(): Promise<number[]> {
  const plan = expand(loadScenario('reconnect-herd'), 1)
  const [began, from] = [performance.now(), process.cpuUsage()]
  const { verdict, because, figures } = await runPlan(plan)
  const [wall, core] = [(performance.now() - began) / 1_000, secondsSince(from)]
  if (verdict !== 'pass' || figures.reconnects < 90_000) throw new Error(`the herd: ${verdict}, ${because}, ${figures.reconnects} came back`)
  return [wall, core, process.resourceUsage().maxRSS / 1_000]
}

async function fleet(): Promise<number[]> {
  const replay = FLEET_REPLAYS.get('region-loss')
  if (replay === undefined) throw new Error('the replay region-loss is gone')
  const began = performance.now()
  runFleet(replay.make(DEFAULT_CALIBRATION))
  return [(performance.now() - began) / 1_000]
}
