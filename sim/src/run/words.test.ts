import { LOWEST_KEY, unstamp } from '@concord/ot'
import { expect, test } from 'vitest'
import { KeyedRandom } from '../kernel/keyed-random.ts'
import { PERFECT } from '../plan/link-model.ts'
import type { PlanEvent } from '../plan/plan-event.ts'
import type { Plan } from '../plan/plan.ts'
import { type RunOptions, runPlan } from './run-plan.ts'

const WORD = 20
const PEOPLE = [['ada', 'a'], ['bob', 'b'], ['bob', 'c']] as const

/** Three people, two of them tabs of one user, type one letter each again and again where their carets stand, with cuts. */
function planOf(seed: number): Plan {
  const random = new KeyedRandom(seed, 'words')
  const events: PlanEvent[] = PEOPLE.map(([, letter], index) => ({ id: `join ${letter}`, at: index * 500, kind: 'join', actor: letter }))
  let at = 2_000
  for (let left = PEOPLE.map(([, letter]) => ({ letter, count: WORD })); left.length > 0; left = left.filter(({ count }) => count > 0)) {
    const person = random.pick(left)
    person.count -= 1
    events.push({ id: `${person.letter}${person.count}`, at, kind: 'insert', actor: person.letter, text: person.letter })
    if (random.chance(0.05)) events.push({ id: `cut ${at}`, at, kind: 'cut', actor: person.letter })
    at += random.float() * 60
  }
  const actors = PEOPLE.map(([user, letter]) => ({ name: letter, group: 'people', kind: 'editor', user, document: 'words', link: 'slow', deviceMs: 0, unary: false, text: 'plain' }) as const)
  return {
    format: 1,
    scenario: 'words',
    title: 'Three people type at one place',
    seed,
    level: 'message',
    world: {
      nodes: [{ name: 'server-1', region: 'home', skewMs: 0, slowness: 1 }],
      documents: [{ id: 'words', units: 0 }],
      actors,
      links: { slow: { ...PERFECT, delayMs: 40, delayP99Ms: 60 } },
      storage: { delayMs: 3 },
      limitPreset: 'loadtest',
      limits: {},
      cpu: false,
      route: 'first',
    },
    events,
    endMs: at + 1_000,
    healMs: 60_000,
    expect: { levels: [], seen: [], mayLoseTail: false },
    bugs: [],
  }
}

interface End {
  readonly verdict: string
  /** Runs of one letter in the text of the first of them. */
  readonly words: readonly string[]
}

async function end(seed: number, options: RunOptions = {}): Promise<End> {
  let text = ''
  const { verdict } = await runPlan(planOf(seed), { ...options, atEnd: ({ replicas }) => void (text = replicas[0]?.document?.text.toString() ?? '') })
  return { verdict, words: [...text.matchAll(/(.)\1*/g)].map(([run]) => run).sort() }
}

test('R13 ties: three people who type forward at one place, with cuts, keep their words whole', async () => {
  for (let seed = 1; seed <= 60; seed += 1) expect(await end(seed), `seed ${seed}`).toEqual({ verdict: 'pass', words: ['a', 'b', 'c'].map((letter) => letter.repeat(WORD)) })
})

test('R13 ties: without a stable key the same people cut words in two', async () => {
  let cut = 0
  for (let seed = 1; seed <= 20; seed += 1) cut += (await end(seed, { server: { stamped: unstamp }, client: { tieKey: () => LOWEST_KEY } })).words.length > 3 ? 1 : 0
  expect(cut).toBeGreaterThan(0)
})
