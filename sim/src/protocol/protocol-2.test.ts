import { expect, test } from 'vitest'
import { campaign } from './campaign.ts'

/** Half of the 1,000 seeds that every change runs; the other half is in the file beside, so that two workers share them. */
test('protocol: seeds 501 to 1000 end with every replica equal to the fold of the log, nothing lost, nothing twice', { timeout: 300_000 }, async () => {
  const { failures, versions } = await campaign(501, 500)
  expect(failures.join('\n')).toBe('')
  expect(versions).toBeGreaterThan(5_000)
})
