import { type Calibration, cost } from '../calibration.ts'
import { editorsOfDocument } from '../../scenario/expand/workload.ts'
import type { FleetCosts, FleetScenario } from './fleet-scenario.ts'
import { SDK_POLICY } from './retry-policy.ts'

/** A replay by name: what it shows, and how it is made from calibrated costs. */
export interface FleetReplay {
  readonly title: string
  make(calibration: Calibration): FleetScenario
}

/** Sends away before the upgrade: assumed to cost a third of a connection, because no server of ours does it yet. */
const REJECT_SHARE = 1 / 3

/** Claims a second that one Cassandra node takes on two cores (measured on a real 5.0, 32 documents at a time). */
const CLAIMS_PER_SECOND = 1_600

function fleetCosts(calibration: Calibration): FleetCosts {
  const connect = cost(calibration, 'connect.socket')
  return {
    connect,
    open: cost(calibration, 'open.changes'),
    load: cost(calibration, 'load.fixed') + 10 * cost(calibration, 'load.kunit'),
    reject: connect * REJECT_SHARE,
    online: onlineLoad(calibration),
  }
}

/** Share of a processor that one online client takes: 60 % of them edit, once a second, and are read by their document's others. */
function onlineLoad(calibration: Calibration): number {
  const editing = 0.6
  const perSecond = editing * (cost(calibration, 'submit') + readersOfAnOperation() * editing * cost(calibration, 'frame.socket')) + cost(calibration, 'idle')
  return perSecond / 1_000
}

/** Others in the document of the average client, in the default workload: mean of n (n - 1) over mean of n. */
export function readersOfAnOperation(): number {
  let [pairs, people] = [0, 0]
  for (let step = 0; step < 10_000; step++) {
    const editors = editorsOfDocument((step + 0.5) / 10_000)
    pairs += editors * (editors - 1)
    people += editors
  }
  return pairs / people
}

function base(calibration: Calibration): FleetScenario {
  return {
    name: '',
    title: '',
    seed: 1,
    clients: 0,
    others: 0,
    documentsPerClient: 1,
    begin: { kind: 'loss', noticeFromMs: 0, noticeToMs: 0 },
    policy: SDK_POLICY,
    rttMs: 40,
    handshakes: 2,
    unreachable: { untilMs: 0, how: 'refused' },
    connectTimeoutMs: 10_000,
    openTimeoutMs: 20_000,
    gateways: 1,
    nodes: 0,
    costs: fleetCosts(calibration),
    coldShare: 0,
    storage: { nodes: 3, claimMs: 1_000 / CLAIMS_PER_SECOND, latencyMs: 4 },
    stopAtMs: 30 * 60_000,
  }
}

/** The postmortem of source document 001, lines 2761 to 2769: a gateway restarts, 100,000 connections drop at once. */
function postmortem(calibration: Calibration): FleetScenario {
  const costs = fleetCosts(calibration)
  return {
    ...base(calibration),
    clients: 100_000,
    begin: { kind: 'loss', noticeFromMs: 0, noticeToMs: 0 },
    policy: { kind: 'fixed', fromMs: 1_000, toMs: 2_000 },
    gateways: 4,
    nodes: 10,
    openTimeoutMs: 5_000,
    // What people do meanwhile is not told either: nothing here. What a full synchronisation cost there is not told. 50 ms is assumed: ten servers of that kind take 200 a second.
    costs: { ...costs, open: 50, online: 0 },
    stopAtMs: 20 * 60_000,
  }
}

export const FLEET_REPLAYS: ReadonlyMap<string, FleetReplay> = new Map([
  ['herd', { title: 'a third of a fleet of 60 servers restarts: 100,000 of 300,000 clients come back to the other 40', make: (calibration) => ({ ...base(calibration), clients: 100_000, others: 200_000, gateways: 40, coldShare: 1 }) }],
  ['herd-one-server', { title: '10,000 clients of the one server that restarts within a second', make: (calibration) => ({ ...base(calibration), clients: 10_000, gateways: 1, coldShare: 1, unreachable: { untilMs: 1_000, how: 'refused' }, rttMs: 1, handshakes: 1, storage: { nodes: 1, claimMs: cost(calibration, 'claim'), latencyMs: 1 } }) }],
  ['postmortem', { title: 'the herd of source document 001: no backoff, no admission control, 50 ms per open (assumed)', make: postmortem }],
  ['postmortem-sdk', { title: 'the same herd with the policy of the SDK', make: (calibration) => ({ ...postmortem(calibration), policy: SDK_POLICY, openTimeoutMs: 20_000 }) }],
  ['postmortem-admission', { title: 'the same herd with the policy of the SDK and admission control', make: (calibration) => ({ ...postmortem(calibration), policy: SDK_POLICY, openTimeoutMs: 20_000, admission: ADMISSION }) }],
  ['region-loss', { title: '10 million sessions in three regions, one is lost; detected after 30 s, promoted after 90 s (001:2396)', make: (calibration) => regionLoss(calibration) }],
  ['region-loss-tight', { title: 'the same with no more servers left than the other two regions needed before', make: (calibration) => ({ ...regionLoss(calibration), gateways: 6_000_000 / SESSIONS_PER_SERVER }) }],
  ['morning-rush', { title: '10 million sessions open within 15 minutes on a fleet that had a tenth (001:581)', make: morningRush }],
])

const ADMISSION = { aboveMs: 1_000, retryFromMs: 1_000, retryToMs: 30_000 }

/** Sessions of a server. A region loss leaves as many servers as all sessions need: two regions were sized to carry the third. */
const SESSIONS_PER_SERVER = 5_000

function regionLoss(calibration: Calibration): FleetScenario {
  const [clients, others] = [4_000_000, 6_000_000]
  return {
    ...base(calibration),
    clients,
    others,
    begin: { kind: 'loss', noticeFromMs: 0, noticeToMs: 20_000 },
    unreachable: { untilMs: 90_000, how: 'silent' },
    rttMs: 100,
    gateways: Math.ceil((clients + others) / SESSIONS_PER_SERVER),
    coldShare: 1,
    storage: { nodes: 200, claimMs: 1_000 / CLAIMS_PER_SECOND, latencyMs: 20 },
  }
}

function morningRush(calibration: Calibration): FleetScenario {
  const clients = 9_000_000
  return {
    ...base(calibration),
    clients,
    others: 1_000_000,
    begin: { kind: 'arrival', overMs: 15 * 60_000, shape: 'bell' },
    gateways: Math.ceil((clients + 1_000_000) / SESSIONS_PER_SERVER),
    coldShare: 0.05,
    storage: { nodes: 200, claimMs: 1_000 / CLAIMS_PER_SECOND, latencyMs: 4 },
  }
}
