import type { Violation } from '../../checkers/checker.ts'
import { PERFECT } from '../../plan/link-model.ts'
import type { Plan, PlannedActor } from '../../plan/plan.ts'
import type { PlanEvent, PlanEventFields } from '../../plan/plan-event.ts'
import type { RunResult } from '../../run/run-result.ts'

/** Plans and results without a world, for tests of what handles them. */
export function madeUpPlan(events: readonly PlanEvent[], change: Partial<Plan> = {}): Plan {
  const names = [...new Set(events.flatMap((event) => ('actor' in event ? [event.actor] : [])))]
  const actors = names.map((name): PlannedActor => ({ name, group: name.split('/')[0]!, kind: 'editor', user: name.replace('/', '-'), document: 'notes', link: 'good', deviceMs: 0, unary: false, text: 'unique' }))
  return {
    format: 1,
    scenario: 'made-up',
    title: 'Made up',
    seed: 7,
    level: 'message',
    world: {
      nodes: [{ name: 'n1', region: 'eu', skewMs: 0, slowness: 1 }],
      documents: [{ id: 'notes', units: 0 }],
      actors,
      links: { good: PERFECT },
      storage: { delayMs: 0 },
      limitPreset: 'default',
      limits: {},
      cpu: false,
      route: 'first',
    },
    events,
    endMs: Math.ceil(events.at(-1)?.at ?? 0) + 100,
    healMs: 60_000,
    expect: { levels: [], seen: [], mayLoseTail: false },
    bugs: [],
    ...change,
  }
}

/** Events `e0`, `e1`, ... every `stepMs`. */
export function madeUpEvents(fields: readonly (PlanEventFields & { readonly needs?: readonly string[] })[], stepMs = 7.25): readonly PlanEvent[] {
  return fields.map((field, index) => ({ ...field, id: `e${index}`, at: index * stepMs }))
}

/** A result that fails when there is a violation. */
export function madeUpResult(plan: Plan, violations: readonly Violation[] = [], change: Partial<RunResult> = {}): RunResult {
  return {
    format: 1,
    plan,
    verdict: violations.length > 0 ? 'fail' : 'pass',
    because: violations[0]?.message ?? 'nothing was violated',
    violations,
    checkers: [],
    levels: [],
    hash: hashOf(JSON.stringify(plan)),
    figures: { virtualMs: plan.endMs, wallMs: 1, events: plan.events.length, messages: 0, versions: plan.events.length, acknowledged: plan.events.length, reconnects: 0 },
    sometimes: {},
    series: { stepMs: 1_000, operations: [], latencies: {}, connections: [], reconnects: [], pending: [], cpu: {} },
    faults: [],
    owners: [],
    trace: [],
    assumptions: [],
    skipped: [],
    ...change,
  }
}

function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const char of text) hash = BigInt.asUintN(64, (hash ^ BigInt(char.codePointAt(0)!)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}
