import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { madeUpPlan, madeUpResult } from '../shrink/testing/made-up-run.ts'
import { CampaignFolder } from './campaign-folder.ts'
import type { CampaignState } from './campaign-state.ts'
import { NO_TOTALS } from './totals.ts'

let parent: string
beforeEach(async () => void (parent = await mkdtemp(join(tmpdir(), 'campaign-'))))
afterEach(() => rm(parent, { recursive: true }))

const options = { scenarios: ['swarm'], from: 1, to: 9, bugs: [], repeat: 0, stopAfter: 5, required: [] }
const state: CampaignState = { format: 1, options, commit: 'c', node: 'n', ended: 'running', tookMs: 1, totals: NO_TOTALS, findings: [], done: {} }

test('the newest state stays when saves overlap, and is read back whole', async () => {
  const folder = new CampaignFolder(join(parent, 'deep', 'campaign-1'))
  expect(await folder.read()).toBeUndefined()
  await Promise.all([1, 2, 3].map((tookMs) => folder.save({ ...state, tookMs })))
  expect(await folder.read()).toEqual({ ...state, tookMs: 3 })
  expect(await readdir(folder.path)).toEqual(['summary.json'])
})

test('a result is kept under its scenario and seed; a seed that gave none keeps nothing', async () => {
  const folder = new CampaignFolder(parent)
  const finding = { scenario: './my/storm.yaml', seed: 12, verdict: 'fail', because: 'x' } as const
  const result = madeUpResult(madeUpPlan([]))
  expect(await folder.keep({ finding, result })).toBe('fail--my-storm-yaml-12.json')
  expect(await folder.keep({ finding, result: undefined })).toBeUndefined()
})

test('what is no campaign is none', async () => {
  await writeFile(join(parent, 'summary.json'), '{"half')
  expect(await new CampaignFolder(parent).read()).toBeUndefined()
})
