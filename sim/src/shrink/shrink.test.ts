import { describe, expect, test } from 'vitest'
import type { Plan } from '../plan/plan.ts'
import type { PlanEvent, PlanEventFields } from '../plan/plan-event.ts'
import { KeyedRandom } from '../kernel/keyed-random.ts'
import type { RunResult } from '../run/run-result.ts'
import { madeUpEvents, madeUpPlan, madeUpResult } from './testing/made-up-run.ts'
import { shrink, type ShrinkOptions } from './shrink.ts'
import { storyOf } from './story.ts'

/** A made-up system: it is wrong as soon as `isWrong` holds for what has happened so far. */
function system(isWrong: (past: readonly PlanEvent[], plan: Plan) => boolean, message = (past: readonly PlanEvent[]) => `lost edit ${past.length}`) {
  return async (plan: Plan): Promise<RunResult> => {
    const first = plan.events.findIndex((_, index) => isWrong(plan.events.slice(0, index + 1), plan))
    if (first < 0) return madeUpResult(plan)
    return madeUpResult(plan, [{ checker: 'once', message: message(plan.events.slice(0, first + 1)), at: plan.events[first]!.at, seq: first }])
  }
}

async function shrunk(plan: Plan, run: ShrinkOptions['run'], options: Partial<ShrinkOptions> = {}) {
  const found = await shrink(plan, await run(plan), { run, now: () => 0, ...options })
  if (found === undefined) throw new Error('the plan does not fail')
  return found
}

/** Many actors that type, cut, go offline and die, drawn from a seed. */
function swarm(seed: number, count: number): Plan {
  const random = new KeyedRandom(seed, 'swarm')
  const events: (PlanEventFields & { needs?: readonly string[] })[] = ['a', 'b', 'c', 'd'].map((name) => ({ kind: 'join', actor: `editors/${name}` }))
  while (events.length < count) {
    const actor = `editors/${random.pick(['a', 'b', 'c', 'd'])}`
    const kind = random.pick(['insert', 'insert', 'insert', 'delete', 'cut', 'crash', 'offline'] as const)
    if (kind === 'insert') events.push({ kind, actor, text: `word${events.length}`, place: random.float() })
    else if (kind === 'delete') events.push({ kind, actor, place: random.float(), count: 1 + random.below(9) })
    else if (kind === 'offline') events.push({ kind, actor }, { kind: 'online', actor, needs: [`e${events.length}`] })
    else events.push({ kind, actor })
  }
  return madeUpPlan(madeUpEvents(events))
}

const types = (past: readonly PlanEvent[], actor: string): boolean => past.some((event) => event.kind === 'insert' && event.actor === actor)

describe('shrink', () => {
  test('leaves the three events of 400 that the failure needs, at round times, in the plainest words', async () => {
    const isWrong = (past: readonly PlanEvent[]): boolean => {
      const cut = past.findIndex((event) => event.kind === 'cut' && event.actor === 'editors/b')
      return cut >= 0 && types(past.slice(0, cut), 'editors/b') && past.slice(cut).some((event) => event.kind === 'insert' && event.actor === 'editors/c')
    }
    const found = await shrunk(swarm(1, 400), system(isWrong))
    expect(found).toMatchObject({ failure: 'once: lost edit #', ended: 'minimal', after: { edits: 2, faults: 1, events: 3, actors: 2 } })
    expect(storyOf(found.plan).slice(-4)).toEqual(['0 ms  editors-b types "w" at the begin', '1 ms  editors-b loses the connection', '2 ms  editors-c types "w" at the begin', '3 ms  faults end, the world heals'])
  })

  test('what needs a removed event goes with it, and stays when both are needed', async () => {
    const found = await shrunk(swarm(2, 200), system((past) => past.some(({ kind }) => kind === 'online')))
    expect(found.plan.events.map(({ kind }) => kind)).toEqual(['offline', 'online'])
    expect(found.plan.events[1]?.needs).toEqual([found.plan.events[0]?.id])
  })

  test('two events that can only go together go together', async () => {
    const plan = madeUpPlan(madeUpEvents(['u', 'x', 'y', 'u'].map((text) => ({ kind: 'insert', actor: 'e/a', text, place: 0 }))))
    const texts = ({ events }: Plan): string => events.map((event) => (event.kind === 'insert' ? event.text : '')).join('')
    // Alone, neither `u` can go.
    const run = async (plan: Plan): Promise<RunResult> => madeUpResult(plan, /^(uxyu|xy)$/.test(texts(plan)) ? [{ checker: 'c', message: 'even', at: plan.endMs + 1, seq: 0 }] : [])
    expect(texts((await shrunk(plan, run)).plan)).toBe('xy')
  })

  test('another failure is not followed: same checker, same message but for its numbers', async () => {
    const run = system((past) => past.length >= 3, (past) => (past.some(({ kind }) => kind === 'delete') ? `version ${past.length} twice` : 'something else'))
    const plan = madeUpPlan(madeUpEvents([{ kind: 'insert', actor: 'e/a', text: 'abc', place: 0.3 }, { kind: 'delete', actor: 'e/b', place: 0.7, count: 5 }, { kind: 'undo', actor: 'e/a' }, { kind: 'redo', actor: 'e/a' }]))
    const found = await shrunk(plan, run)
    expect(found.failure).toBe('once: version # twice')
    expect(found.plan.events.some(({ kind }) => kind === 'delete')).toBe(true)
    expect(found.plan.events).toHaveLength(3)
  })

  test('a failure that needs a setting keeps it; every other setting goes', async () => {
    const base = swarm(3, 60)
    const world = { ...base.world, limits: { batchOperations: 3, tickMs: 20 }, storage: { delayMs: 17 }, cpu: true, links: { good: { ...base.world.links['good']!, repeat: 0.3, delayMs: 43, delayP99Ms: 90 } } }
    const run = system((past, plan) => plan.world.limits.batchOperations === 3 && plan.world.links['good']!.delayMs >= 30 && past.length >= 1)
    const { plan } = await shrunk({ ...base, level: 'http2', world }, run)
    expect(plan.level).toBe('message')
    expect(plan.world).toMatchObject({ limits: { batchOperations: 3 }, storage: { delayMs: 0 }, cpu: false, links: { good: { delayMs: 40, delayP99Ms: 40, repeat: 0 } } })
    expect(plan.world.limits).not.toHaveProperty('tickMs')
  })

  test('a fault that strikes by chance strikes again with fewer events once dice are thrown anew', async () => {
    const base = swarm(10, 60)
    const world = { ...base.world, links: { good: { ...base.world.links['good']!, glitch: 0.1 } } }
    // Each event draws from the link; the third glitch is one too many.
    const run = system((past, plan) => {
      const random = new KeyedRandom(plan.seed, 'link')
      return past.filter(() => random.chance(plan.world.links['good']!.glitch)).length === 3
    })
    const { plan } = await shrunk({ ...base, world }, run)
    expect(plan.events).toHaveLength(3)
  })

  test('a store that breaks its promises by chance breaks them with fewer events once dice are thrown anew', async () => {
    // Each event but the joins is an append; the ninth of seed 7 is lost, and the first of seed 1.
    const run = system((past, { seed }) => past.filter(({ kind }) => kind !== 'join').length >= (seed === 1 ? 1 : 9))
    const left = async (bugs: readonly string[]): Promise<number> => (await shrunk({ ...swarm(10, 60), bugs }, run)).plan.events.length
    expect(await left([])).toBe(9)
    expect(await left(['append-lost'])).toBe(1)
  })

  test('a limit that overflows is made so small that few events overflow it', async () => {
    const base = swarm(12, 200)
    const run = system((past, plan) => past.filter(({ kind }) => kind === 'insert').length > (plan.world.limits.windowOperations ?? 1_000))
    const { plan } = await shrunk({ ...base, world: { ...base.world, limits: { windowOperations: 23, tickMs: 20 } } }, run)
    expect(plan.world.limits).toEqual({ windowOperations: 1 })
    expect(plan.events.map(({ kind }) => kind)).toEqual(['insert', 'insert'])
  })

  test('a level is lowered as far as the failure goes', async () => {
    const { plan } = await shrunk({ ...swarm(4, 30), level: 'http2' }, system((past, { level }) => level !== 'message' && past.length > 1))
    expect(plan.level).toBe('bytes')
  })

  test('nodes, documents and sides of partitions that nobody needs go', async () => {
    const events = madeUpEvents([
      { kind: 'join', actor: 'e/a' },
      { kind: 'partition', a: ['n1', 'n3'], b: ['n2', 'storage', 'e'], oneWay: false },
      { kind: 'kill', node: 'n3' },
      { kind: 'heal', partition: 'e1' },
    ])
    const base = madeUpPlan(events)
    const nodes = ['n1', 'n2', 'n3'].map((name) => ({ name, region: 'eu', skewMs: 5, slowness: 2 }))
    const run = system((past) => past.some((event) => event.kind === 'partition' && event.a.includes('n1') && event.b.includes('n2')))
    const { plan } = await shrunk({ ...base, world: { ...base.world, nodes, documents: [...base.world.documents, { id: 'other', units: 50 }] } }, run)
    expect(plan.world.nodes).toEqual(['n1', 'n2'].map((name) => ({ name, region: 'eu', skewMs: 0, slowness: 1 })))
    expect(plan.world.documents.map(({ id }) => id)).toEqual(['notes'])
    expect(plan.events).toEqual([expect.objectContaining({ kind: 'partition', a: ['n1'], b: ['n2'] })])
  })

  test('a failure at the end only, without any violation, is followed by its sentence', async () => {
    const run = async (plan: Plan): Promise<RunResult> => (plan.events.some(({ kind }) => kind === 'crash') ? madeUpResult(plan, [], { verdict: 'crashed', because: 'TypeError: x is undefined\n  at 12' }) : madeUpResult(plan))
    const found = await shrunk(swarm(5, 100), run)
    expect(found.failure).toBe('crashed: TypeError: x is undefined')
    expect(found.plan.events.map(({ kind }) => kind)).toEqual(['crash'])
  })

  test('a missed service level is followed by its name', async () => {
    const missed = (met: boolean) => [{ series: 'ack' as const, percentile: 99, atMostMs: 100, measuredMs: 150, samples: 3, met }]
    const run = async (plan: Plan): Promise<RunResult> => (plan.events.length > 4 ? madeUpResult(plan, [], { verdict: 'fail', because: 'slow', levels: missed(false) }) : madeUpResult(plan))
    expect(await shrunk(swarm(6, 40), run)).toMatchObject({ failure: 'service level: ack p99', after: { events: 5 } })
  })

  test('a run that throws is no success, and a plan that passes is not shrunk', async () => {
    const run = system((past) => past.length >= 2)
    const found = await shrunk(swarm(7, 40), async (plan) => (plan.events.length === 3 ? Promise.reject(new Error('no such plan')) : run(plan)))
    expect(found.plan.events.length).toBeLessThanOrEqual(4)
    expect(await shrink(swarm(7, 40), madeUpResult(swarm(7, 40)), { run, now: () => 0 })).toBeUndefined()
  })
})

describe('shrink: bounds', () => {
  const isWrong = (past: readonly PlanEvent[]): boolean => past.filter(({ kind }) => kind === 'insert').length >= 20

  test('at most so many runs, and what was found until then still fails', async () => {
    let runs = 0
    const run = system(isWrong)
    const found = await shrunk(swarm(8, 300), (plan) => (runs++, run(plan)), { maxRuns: 25 })
    expect(found).toMatchObject({ ended: 'runs', runs: 25 })
    expect(runs).toBe(26)
    expect((await run(found.plan)).verdict).toBe('fail')
    expect(found.after.events).toBeLessThan(found.before.events)
  })

  test('at most so long by the clock', async () => {
    let now = 0
    const found = await shrunk(swarm(8, 300), system(isWrong), { now: () => (now += 10), maxMs: 500 })
    expect(found.ended).toBe('time')
    expect(found.runs).toBeLessThan(50)
  })

  test('the same plan shrinks to the same plan, and every step is told', async () => {
    const told: number[] = []
    const [one, two] = [await shrunk(swarm(9, 200), system(isWrong), { progress: ({ runs }) => void told.push(runs) }), await shrunk(swarm(9, 200), system(isWrong))]
    expect(one.plan).toEqual(two.plan)
    expect(told).toEqual(Array.from({ length: one.runs }, (_, index) => index + 1))
  })
})
