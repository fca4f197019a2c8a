import { KeyedRandom } from '../../kernel/keyed-random.ts'
import type { Plan, PlannedActor } from '../../plan/plan.ts'
import type { PlanEvent } from '../../plan/plan-event.ts'
import { PERFECT } from '../../plan/link-model.ts'
import type { RunResult, Series, TraceLine } from '../../run/run-result.ts'

/** A result that no run gave: what tests of reports render. The same seed makes the same result. */
export interface MadeUp {
  readonly seed?: number
  readonly editors?: number
  readonly traceLines?: number
  readonly steps?: number
  /** A paused owner that goes on with a stale epoch, and an acknowledged edit that is lost by it. */
  readonly splitBrain?: boolean
}

const STEP_MS = 500
const PAUSED_AT = 18_000
const RESUMED_AT = 26_000
const VIOLATED_AT = 26_340

export function madeUpPlan({ seed = 7, editors = 8, splitBrain = false }: MadeUp): Plan {
  const actor = (index: number): PlannedActor => ({
    name: `editors/${index}`, group: 'editors', kind: 'editor', user: `user-${index}`, document: index % 4 === 3 ? 'minutes' : 'notes',
    link: index % 2 === 0 ? 'office' : 'mobile', deviceMs: index % 2 === 0 ? 0 : 20, unary: false, text: 'unique',
  })
  const inserts = Array.from({ length: Math.min(editors * 20, 50_000) }, (_, index): PlanEvent => ({ id: `e${index}`, at: index * 250, kind: 'insert', actor: `editors/${index % editors}`, text: 'ab' }))
  return {
    format: 1, scenario: 'owner-pause', title: splitBrain ? 'The owner stops in the middle of things' : 'A quiet hour', seed, level: 'message',
    world: {
      nodes: ['n1', 'n2', 'n3'].map((name, index) => ({ name, region: 'eu', skewMs: index === 2 ? 1500 : 0, slowness: 1 })),
      documents: [{ id: 'notes', units: 1200 }, { id: 'minutes', units: 0 }],
      actors: Array.from({ length: editors }, (_, index) => actor(index)),
      links: { office: { ...PERFECT, delayMs: 8, delayP99Ms: 30 }, mobile: { ...PERFECT, delayMs: 80, delayP99Ms: 400, repeat: 0.02, bandwidth: 200_000 } },
      storage: { delayMs: 2 }, limitPreset: 'default', limits: {}, cpu: true, route: 'spread',
    },
    events: inserts.toSorted((a, b) => a.at - b.at), endMs: 40_000, healMs: 20_000,
    expect: { levels: [{ series: 'ack', percentile: 95, atMostMs: 250 }], seen: ['append refused by the fence'], mayLoseTail: false },
    bugs: splitBrain ? ['fence-off'] : [],
  }
}

export function madeUpResult(options: MadeUp = {}): RunResult {
  const { splitBrain = false } = options
  const plan = madeUpPlan(options)
  const trace = madeUpTrace(plan, options)
  const seq = trace.findLast(({ at }) => at <= VIOLATED_AT)?.seq ?? 0
  const violation = { checker: 'one writer per epoch', message: 'n1 committed to notes under epoch 3 although n2 had claimed epoch 4: the edit of editors/2 took the place of an acknowledged one', at: VIOLATED_AT, seq }
  return {
    format: 1, plan, verdict: splitBrain ? 'fail' : 'pass',
    because: splitBrain ? 'a node whose epoch was over wrote to the log of notes' : 'all 3 promises held and all 2 service levels were met',
    violations: splitBrain ? [violation, { ...violation, checker: 'acked edits survive', message: 'version 131 of notes was acknowledged to editors/4 and is not in the log', at: VIOLATED_AT + 900 }] : [],
    checkers: [
      { name: 'version gaps', promise: 'The versions of a document follow each other without a gap.', violations: 0 },
      { name: 'one writer per epoch', promise: 'Only the node that claimed the newest epoch of a document writes to its log.', violations: splitBrain ? 1 : 0 },
      { name: 'acked edits survive', promise: 'What was acknowledged is in the log, at its version, for ever.', violations: splitBrain ? 1 : 0 },
    ],
    levels: [
      { series: 'ack', percentile: 95, atMostMs: 250, fromMs: 2_000, toMs: 30_000, measuredMs: splitBrain ? 8140 : 182.4, samples: 1204, met: !splitBrain },
      { series: 'reconnect', percentile: 99, atMostMs: 30_000, measuredMs: 4210, samples: 17, met: true },
    ],
    hash: '9f3c66d1a8be0417',
    figures: { virtualMs: 60_000, wallMs: 412, events: 48_211, messages: 9312, versions: 1204, acknowledged: 1198, reconnects: 17 },
    overall: { ack: { samples: 1198, p50: 31, p95: 182.4, p99: 211, most: 402 } },
    sometimes: { 'append refused by the fence': splitBrain ? 3 : 0, 'client rebased': 211 },
    series: madeUpSeries(plan, options),
    faults: splitBrain ? madeUpFaults() : [],
    owners: madeUpOwners(splitBrain),
    trace,
    assumptions: ['storage is linearizable and loses nothing that it acknowledged', 'processor costs are those of the calibration of this machine'],
    skipped: [],
  }
}

function madeUpFaults(): RunResult['faults'] {
  return [
    { id: 'e9', kind: 'storage-slow', what: 'storage slower by 40 ms on every node', fromMs: 6000, toMs: 10_000 },
    { id: 'e12', kind: 'pause', what: 'n1 paused in the middle of things', fromMs: PAUSED_AT, toMs: RESUMED_AT },
    { id: 'e14', kind: 'partition', what: 'editors/5 and editors/6 cut off from n2, one way', fromMs: 22_000, toMs: 30_000 },
    { id: 'e15', kind: 'cut', what: 'connection of editors/1 broken', fromMs: 33_000, toMs: 33_000 },
  ]
}

function madeUpOwners(splitBrain: boolean): RunResult['owners'] {
  const whole = { document: 'minutes', node: 'n3', epoch: 1, fromMs: 300, toMs: 60_000, committed: 301 }
  if (!splitBrain) return [{ ...whole, document: 'notes', node: 'n1', epoch: 3, committed: 903 }, whole]
  return [
    whole,
    { document: 'notes', node: 'n1', epoch: 3, fromMs: 400, toMs: 27_100, committed: 412 },
    { document: 'notes', node: 'n2', epoch: 4, fromMs: 21_200, toMs: 60_000, committed: 491 },
  ]
}

function madeUpSeries({ world }: Plan, { seed = 7, steps = 120, splitBrain = false }: MadeUp): Series {
  const random = new KeyedRandom(seed, 'series')
  const during = (index: number): boolean => splitBrain && index * STEP_MS >= PAUSED_AT && index * STEP_MS < RESUMED_AT
  const over = <T>(of: (index: number) => T): T[] => Array.from({ length: steps }, (_, index) => of(index))
  const latency = (median: number) => {
    const p50 = over((index) => (index < 2 ? null : (during(index) ? 60 : 1) * median * (0.7 + random.float() * 0.6)))
    return { p50, p95: p50.map((value) => value && value * 3), p99: p50.map((value) => value && value * (4 + random.float() * 3)) }
  }
  return {
    stepMs: STEP_MS, operations: over((index) => Math.round((during(index) ? 4 : 32) * (0.7 + random.float() * 0.6))),
    latencies: { ack: latency(30), visible: latency(55), reconnect: { p50: over((index) => (index % 9 === 0 ? 900 : null)), p95: over(() => null), p99: over(() => null) } },
    connections: over((index) => world.actors.length - (during(index) ? 3 : 0)), reconnects: over((index) => (during(index) && index % 3 === 0 ? 2 : 0)),
    pending: over((index) => (during(index) ? 20 + (index % 16) * 5 : 2 + random.below(5))),
    cpu: Object.fromEntries(world.nodes.map(({ name }) => [name, over((index) => (name === 'n1' && during(index) ? 0 : 0.2 + random.float() * 0.2))])),
  }
}

function madeUpTrace({ world }: Plan, { seed = 7, traceLines = 600, splitBrain = false }: MadeUp): TraceLine[] {
  const random = new KeyedRandom(seed, 'trace')
  const end = splitBrain ? VIOLATED_AT + 50 : 60_000
  const lines = Array.from({ length: traceLines }, (_, index): TraceLine => {
    const at = end - (traceLines - index) * 37.25
    const actor = random.pick(world.actors).name
    const node = at > PAUSED_AT ? random.pick(['n2', 'n3']) : random.pick(['n1', 'n3'])
    const text = String.fromCharCode(97 + random.below(26))
    const shapes: Omit<TraceLine, 'seq' | 'at'>[] = [
      { from: actor, to: node, what: `submit ${index} on ${index - 3}: 5 +${text} -3` },
      { from: node, to: 'storage', what: `append 1 record to notes, epoch ${at > PAUSED_AT ? 4 : 3}, after ${index}` },
      { from: 'storage', to: node, what: 'committed' },
      { from: node, to: actor, what: `change ${index}: 5 +${text} -3` },
      { from: actor, what: `types ${text}` },
    ]
    return { seq: 40_000 + index, at, ...random.pick(shapes) }
  })
  if (!splitBrain) return lines
  const story: Omit<TraceLine, 'seq'>[] = [
    { at: RESUMED_AT, from: 'plan', what: 'e13 resume n1' },
    { at: RESUMED_AT + 120, from: 'n1', what: 'goes on where it stood, believes in epoch 3' },
    { at: RESUMED_AT + 210, from: 'editors/2', to: 'n1', what: 'submit 41 on 130: 17 +k 1183' },
    { at: RESUMED_AT + 300, from: 'n1', to: 'storage', what: 'append 1 record to notes, epoch 3, after 130' },
    { at: RESUMED_AT + 340, from: 'storage', to: 'n1', what: 'committed version 131, which epoch 4 had written before' },
  ]
  return lines
    .slice(0, -5)
    .filter(({ at }) => at < RESUMED_AT || at > VIOLATED_AT)
    .concat(story.map((line) => ({ ...line, seq: 0 })))
    .toSorted((a, b) => a.at - b.at)
    .map((line, index) => ({ ...line, seq: 40_000 + index }))
}
