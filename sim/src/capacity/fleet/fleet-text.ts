import type { Calibration } from '../calibration.ts'
import { duration } from '../../report/words/words.ts'
import { figure } from '../plan/figures.ts'
import type { FleetResult } from './fleet-scenario.ts'

/** What a replay takes for granted. */
export function fleetAssumptions({ scenario }: FleetResult, { machine, at }: Calibration): string[] {
  const { gateways, nodes, storage, admission, policy, rttMs, unreachable } = scenario
  return [
    `Costs from the calibration of ${at.slice(0, 10)} on ${machine.cpu}, Node ${machine.node}; one processor and one queue per server (${gateways}${nodes === 0 ? '' : ` gateways, ${nodes} document servers`}).`,
    `Clients retry with ${policy.kind === 'full-jitter' ? `full jitter, ${policy.baseMs} ms to ${duration(policy.capMs)}, as the SDK` : policy.kind === 'fixed' ? `no backoff, every ${policy.fromMs} to ${policy.toMs} ms` : `exponential delays up to ${duration(policy.capMs)}`}; round trip ${rttMs} ms${unreachable.untilMs > 0 ? `; nothing answers for ${duration(unreachable.untilMs)}` : ''}.`,
    `${admission === undefined ? 'No admission control' : `Above ${admission.aboveMs} ms of queue newcomers are sent away for ${duration(admission.retryFromMs)} to ${duration(admission.retryToMs)}`}; work for a client that has given up is done all the same.`,
    `Storage: ${storage.nodes} nodes, ${figure(1_000 / storage.claimMs)} claims a second each (assumed where it is not the embedded store).`,
    'No bytes and no documents: bandwidth is not a limit here, and order inside a millisecond is that of the clients\' numbers.',
  ]
}

/** A replay for a terminal. */
export function fleetText(result: FleetResult, calibration: Calibration): string {
  const { scenario, backAfterMs, openMs, awayMs, peak } = result
  const back = Object.entries(backAfterMs).map(([name, ms]) => `${name.slice(1)} % after ${ms === null ? 'never' : duration(ms)}`)
  return [
    scenario.title,
    `  clients      ${figure(scenario.clients)} of ${figure(scenario.clients + scenario.others)}, ${figure(result.documents)} documents; ${figure(result.back)} back, ${figure(result.neverBack)} not within ${duration(scenario.stopAtMs)}`,
    `  back         ${back.join(', ')}`,
    `  away         p50 ${duration(awayMs.p50)}, p99 ${duration(awayMs.p99)}, at most ${duration(awayMs.max)}`,
    `  open         p50 ${duration(openMs.p50)}, p99 ${duration(openMs.p99)} (the attempt that got in)`,
    `  attempts     ${figure(result.attempts)}: ${figure(result.refused)} refused or silent, ${figure(result.timedOut)} timed out, ${figure(result.turnedAway)} sent away; ${duration(result.wastedMs)} of work for nobody`,
    `  peak         ${figure(peak.attemptsPerSecond)} attempts/s; gateways ${percent(peak.gatewayLoad)}, wait ${duration(peak.gatewayWaitMs)}; servers ${percent(peak.nodeLoad)}, wait ${duration(peak.nodeWaitMs)}`,
    `  storage      ${figure(result.loads)} loads, ${figure(peak.storagePerSecond)}/s at most: ${percent(peak.storageLoad)}, wait ${duration(peak.storageWaitMs)}`,
    `  hash         ${result.hash} (seed ${scenario.seed}), ${(result.wallMs / 1_000).toFixed(1)} s`,
    ...fleetAssumptions(result, calibration).map((line) => `  - ${line}`),
    `repeat: npx concord plan --replay ${scenario.name} --seed ${scenario.seed} --clients ${scenario.clients}`,
  ].join('\n')
}

function percent(load: number): string {
  return `${Math.round(load * 100)} %`
}
