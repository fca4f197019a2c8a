import { expect, test } from 'vitest'
import { madeUpPlan, madeUpResult } from '../shrink/testing/made-up-run.ts'
import { type CampaignPorts, type CampaignProgress, runCampaign } from './campaign.ts'
import { type CampaignOptions, type CampaignState, campaignVerdict, type FoundResult, missing } from './campaign-state.ts'
import { outcomeOf, type SeedJob, type WorkerAnswer } from './seed-job.ts'

const build = { commit: 'abc1234', node: '26.0.0' }
const options: CampaignOptions = { scenarios: ['swarm'], from: 1, to: 40, bugs: [], repeat: 0, stopAfter: 5, required: [] }

/** A run that passes; `change` says otherwise. */
function ran(job: SeedJob, change: Parameters<typeof madeUpResult>[2] = {}): WorkerAnswer {
  const plan = madeUpPlan([{ kind: 'cut', actor: 'e/a', id: 'e1', at: 1 }], { seed: job.seed, scenario: job.scenario })
  return { kind: 'done', outcome: outcomeOf(madeUpResult(plan, [], { sometimes: { 'two owners': job.seed % 7 === 0 ? 3 : 0, never: 0 }, ...change }), job), isTired: false }
}

/** Workers that answer as told, and a book of what happened. */
function workshop(answer: (job: SeedJob, lane: number) => WorkerAnswer | Promise<WorkerAnswer>, lanes = 2) {
  const book = { ran: [] as { job: SeedJob; lane: number }[], started: 0, running: 0, kept: [] as FoundResult[], saved: [] as CampaignState[], told: [] as CampaignProgress[] }
  let now = 0
  const abort = new AbortController()
  const ports: CampaignPorts = {
    lanes,
    start: (lane) => {
      book.started += 1
      book.running += 1
      let isStopped = false
      return {
        run: async (job) => (book.ran.push({ job, lane }), answer(job, lane)),
        stop: () => {
          if (!isStopped) book.running -= 1
          isStopped = true
        },
      }
    },
    now: () => (now += 100),
    keep: async (found) => (book.kept.push(found), found.result === undefined ? undefined : `${found.finding.seed}.json`),
    save: async (state) => void book.saved.push(JSON.parse(JSON.stringify(state)) as CampaignState),
    progress: (progress) => void book.told.push(progress),
    signal: abort.signal,
  }
  return { ports, book, abort }
}

test('every seed of every scenario runs once, and what they showed is summed up', async () => {
  const { ports, book } = workshop((job) => ran(job))
  const state = await runCampaign({ ...options, scenarios: ['swarm', 'storm'] }, build, ports)
  expect(book.ran.map(({ job: { scenario, seed } }) => `${scenario} ${seed}`).toSorted()).toEqual(Array.from({ length: 40 }, (_, i) => [`swarm ${i + 1}`, `storm ${i + 1}`]).flat().toSorted())
  expect(state).toMatchObject({ commit: 'abc1234', ended: 'complete', findings: [], totals: { seeds: 80, repeated: 0, versions: 80, events: { cut: 80 }, sometimes: { 'two owners': 10, never: 0 } } })
  expect(campaignVerdict(state)).toBe('pass')
  expect(book.told.at(-1)).toMatchObject({ done: 80, total: 80, findings: 0 })
  expect(book.running).toBe(0)
})

test('some seeds run twice, on another worker, and another hash is a finding', async () => {
  const seen = new Map<number, number>()
  const differing = workshop((job, lane) => {
    seen.set(job.seed, (seen.get(job.seed) ?? 0) + 1)
    return ran(job, job.seed === 1 && seen.get(1) === 2 ? { hash: '0000000000000000' } : { hash: `${lane}`.replace(/./, '1') })
  })
  const state = await runCampaign({ ...options, to: 200, repeat: 0.05 }, build, differing.ports)
  const lanesOf = Map.groupBy(differing.book.ran, ({ job }) => job.seed)
  const twice = [...lanesOf.values()].filter((runs) => runs.length === 2)
  expect(twice.length).toBe(state.totals.repeated)
  expect(twice.length).toBeGreaterThan(2)
  expect(twice.length).toBeLessThan(30)
  expect(twice.every(([a, b]) => a!.lane !== b!.lane)).toBe(true)
  expect(state.findings).toEqual([{ scenario: 'swarm', seed: 1, verdict: 'differs', because: expect.stringContaining('hashes 1 and 0000000000000000'), file: '1.json' }])
  expect(campaignVerdict(state)).toBe('fail')
  expect(state.totals.seeds).toBe(200)
})

test('a single worker repeats its own seeds', async () => {
  const { ports } = workshop((job) => ran(job), 1)
  expect((await runCampaign({ ...options, repeat: 1 }, build, ports)).totals).toMatchObject({ seeds: 40, repeated: 40 })
})

test('a worker that dies or hangs is a finding with its seed; another one goes on', async () => {
  const { ports, book } = workshop((job) => (job.seed === 3 ? { kind: 'died', why: 'SIGSEGV' } : job.seed === 5 ? { kind: 'hung', afterMs: 1_000 } : ran(job)))
  const state = await runCampaign(options, build, ports)
  expect(state.findings.toSorted((a, b) => a.seed - b.seed)).toEqual([
    { scenario: 'swarm', seed: 3, verdict: 'crashed', because: 'the process ended: SIGSEGV' },
    { scenario: 'swarm', seed: 5, verdict: 'unknown', because: 'the seed did not end within 1000 ms and was stopped' },
  ])
  expect(state.totals.seeds).toBe(40)
  expect(book.started).toBe(4)
  expect(book.running).toBe(0)
  expect(campaignVerdict(state)).toBe('crashed')
})

test('a worker that is tired is replaced without a finding', async () => {
  const { ports, book } = workshop((job) => ({ ...ran(job), isTired: job.seed % 10 === 0 }) as WorkerAnswer, 1)
  expect(await runCampaign(options, build, ports)).toMatchObject({ ended: 'complete', findings: [] })
  expect(book.started).toBe(4)
})

test('it stops after so many failures, keeps their results and says that it stopped', async () => {
  const { ports, book } = workshop((job) => ran(job, job.seed % 2 === 0 ? { verdict: 'fail', because: 'edit twice' } : {}), 1)
  const state = await runCampaign({ ...options, stopAfter: 3 }, build, ports)
  expect(state.ended).toBe('stopped')
  expect(state.findings.map(({ seed }) => seed)).toEqual([2, 4, 6])
  expect(book.kept.map(({ result }) => result?.plan.seed)).toEqual([2, 4, 6])
  expect(book.saved.at(-1)).toEqual(state)
})

test('a campaign that was interrupted goes on where it was: every seed once in the end, the sums as if nothing had been', async () => {
  const first = workshop((job) => (job.seed === 20 ? (first.abort.abort(), { kind: 'died', why: 'stopped' }) : ran(job)))
  const cut = await runCampaign({ ...options, repeat: 0.2 }, build, first.ports)
  expect(cut.ended).toBe('interrupted')
  expect(campaignVerdict(cut)).toBe('unknown')
  expect(first.book.running).toBe(0)
  const second = workshop((job) => ran(job))
  const whole = workshop((job) => ran(job))
  const resumed = await runCampaign(cut.options, build, second.ports, JSON.parse(JSON.stringify(cut)) as CampaignState)
  const atOnce = await runCampaign(cut.options, build, whole.ports)
  expect(resumed.totals).toEqual(atOnce.totals)
  expect(resumed.done).toEqual({ swarm: { next: 41, ahead: [] } })
  expect(second.book.ran.some(({ job }) => job.seed === 1)).toBe(false)
})

test('conditions that no seed has shown are named; a required one fails the campaign', async () => {
  const { ports } = workshop((job) => ran(job))
  const state = await runCampaign({ ...options, required: ['two owners', 'never', 'no such condition'] }, build, ports)
  expect(missing(state)).toEqual(['never', 'no such condition'])
  expect(campaignVerdict(state)).toBe('fail')
})

test('the state is saved now and then, as running', async () => {
  const { ports, book } = workshop((job) => ran(job))
  await runCampaign({ ...options, to: 200 }, build, ports)
  expect(book.saved.length).toBeGreaterThan(2)
  expect(book.saved.slice(0, -1).every(({ ended }) => ended === 'running')).toBe(true)
})
