import { afterEach, expect, test } from 'vitest'
import { runCampaign } from './campaign.ts'
import { ProcessWorker } from './process-worker.ts'

const workers: ProcessWorker[] = []
afterEach(() => workers.splice(0).forEach((worker) => worker.stop()))

function start(limitMs = 60_000): ProcessWorker {
  const worker = new ProcessWorker({ runner: new URL('testing/made-up-runner.ts', import.meta.url), limitMs, heapMb: 500 })
  workers.push(worker)
  return worker
}

test('a process runs seed after seed', async () => {
  const worker = start()
  for (const seed of [1, 2, 3]) expect(await worker.run({ scenario: 'fine', seed })).toMatchObject({ kind: 'done', isTired: false, outcome: { verdict: 'pass' } })
})

test.each([
  ['exit', /exit code 7/],
  ['throw', /exit code 1: .*TypeError: seed 4 is no good/],
  ['reject', /exit code 1: .*nobody waits for this/],
])('a process that dies by %s says of what, to this job and the next', async (scenario, why) => {
  const worker = start()
  expect(await worker.run({ scenario, seed: 4 })).toEqual({ kind: 'died', why: expect.stringMatching(why) })
  expect(await worker.run({ scenario: 'fine', seed: 5 })).toMatchObject({ kind: 'died' })
})

test.each(['loop', 'wait'])('a process that never answers (%s) is stopped', async (scenario) => {
  const worker = start(3_000)
  expect(await worker.run({ scenario, seed: 4 })).toEqual({ kind: 'hung', afterMs: 3_000 })
  expect(await worker.run({ scenario: 'fine', seed: 5 })).toMatchObject({ kind: 'died' })
})

test('a runner that cannot be loaded is told', async () => {
  const worker = new ProcessWorker({ runner: new URL('testing/no-such-runner.ts', import.meta.url), limitMs: 60_000, heapMb: 500 })
  workers.push(worker)
  expect(await worker.run({ scenario: 'fine', seed: 1 })).toEqual({ kind: 'died', why: expect.stringContaining('Cannot find module') })
})

test('a campaign over processes ends although one of its scenarios kills them', async () => {
  const options = { scenarios: ['fine', 'exit'], from: 1, to: 3, bugs: [], repeat: 0.5, stopAfter: 10, required: [] }
  const ports = { lanes: 2, start: () => start(), now: () => 0, keep: async () => undefined, save: async () => {} }
  const state = await runCampaign(options, { commit: 'c', node: 'n' }, ports)
  expect(state).toMatchObject({ ended: 'complete', totals: { seeds: 6 } })
  expect(state.findings.map(({ scenario, verdict }) => `${scenario} ${verdict}`)).toEqual(Array(3).fill('exit crashed'))
})
