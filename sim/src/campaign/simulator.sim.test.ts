import { availableParallelism } from 'node:os'
import { afterAll, expect, test } from 'vitest'
import { listScenarios } from '../scenario/file/load-scenario.ts'
import { runCampaign } from './campaign.ts'
import { type CampaignOptions, campaignVerdict, missing } from './campaign-state.ts'
import { type CorpusEntry, readCorpus } from './corpus.ts'
import { ProcessWorker } from './process-worker.ts'
import type { SeedOutcome } from './seed-job.ts'
import { WorkerPool } from './testing/worker-pool.ts'
import { thisBuild } from './this-build.ts'

const worker = { runner: new URL('scenario-runner.ts', import.meta.url), limitMs: 300_000, heapMb: 2_000 }
const pool = new WorkerPool(availableParallelism(), worker)
afterAll(() => pool.stop())

const corpus = readCorpus()

async function outcomeOf({ scenario, seed, level }: CorpusEntry, hash?: string): Promise<SeedOutcome> {
  const answer = await pool.run({ scenario, seed, ...(level === undefined ? {} : { level }), ...(hash === undefined ? {} : { hash }) })
  if (answer.kind !== 'done') throw new Error(`npx concord sim run ${scenario} --seed ${seed}: ${JSON.stringify(answer)}`)
  return answer.outcome
}

test.concurrent.each(corpus)('$scenario, seed $seed: $why', async (entry) => {
  const again = `npx concord sim run ${entry.scenario} --seed ${entry.seed}${entry.level === undefined ? '' : ` --level ${entry.level}`}`
  const { verdict, because, hash } = await outcomeOf(entry)
  expect([verdict, because], again).toEqual(['pass', 'every promise was kept'])
  if (entry.twice === true) expect((await outcomeOf(entry, hash)).hash, `${again}: two runs, two hashes`).toBe(hash)
})

test('the corpus names scenarios that there are, each seed once', () => {
  const known = new Set(listScenarios().map(({ name }) => name))
  expect(corpus.filter(({ scenario }) => !known.has(scenario))).toEqual([])
  expect(new Set(corpus.map(({ scenario, seed, level }) => `${scenario} ${seed} ${level}`)).size).toBe(corpus.length)
  expect(corpus.filter(({ twice }) => twice).length).toBeGreaterThan(2)
})

/** What a campaign of this length always shows; a fault that does not bite any more is found here. */
const REQUIRED = ['append unknown', 'catch-up by changes', 'composed group', 'resend decided again', 'ack while catching up', 'append fenced', 'two owners', 'owner moved']

test('a short campaign is clean, repeats some seeds with equal hashes, and sees what it must', async () => {
  const options: CampaignOptions = { scenarios: ['quick', 'swarm'], from: 1_000_001, to: 1_000_060, bugs: [], repeat: 0.1, stopAfter: 3, required: REQUIRED }
  const ports = { lanes: availableParallelism(), start: () => new ProcessWorker(worker), now: () => performance.now(), keep: async () => undefined, save: async () => {} }
  const state = await runCampaign(options, thisBuild(), ports)
  expect(state.findings.map(({ scenario, seed, because }) => `npx concord sim run ${scenario} --seed ${seed}: ${because}`)).toEqual([])
  expect(missing(state)).toEqual([])
  expect(campaignVerdict(state)).toBe('pass')
  expect(state.totals.repeated).toBeGreaterThan(4)
})
