import { expect, test } from 'vitest'
import { campaign, firstFailure } from './campaign.ts'
import { MUTANTS } from './mutants.ts'

const FROM = Number(process.env.CONCORD_SEED ?? 1)

test('protocol: 20,000 seeds', { timeout: 3 * 3_600_000 }, async () => {
  const { failures } = await campaign(FROM, 20_000, {}, (done) => {
    if (done % 1_000 === 0) process.stderr.write(`protocol: ${done} of 20000 seeds\n`)
  })
  expect(failures.join('\n')).toBe('')
})

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s: caught from the first seed on', { timeout: 1_800_000 }, async (_name, { options }) => {
  expect(await firstFailure(1, 20_000, options)).toBeDefined()
})
