import { expect, test } from 'vitest'
import { removeFolder, temporaryFolder } from '../testing.ts'
import { testSeed, seededRandom } from '../seeded-random.ts'
import { checkPromises, killRound, nothingPromised } from './crash-rounds.ts'

test('killed under load, 100 times over: every acknowledged record is there once, and the log is a valid prefix', { timeout: 600_000 }, async () => {
  const seed = testSeed()
  const random = seededRandom(seed)
  let acknowledged = 0
  // A fresh folder every 10 rounds keeps the logs short enough to be read whole after each.
  for (let folder = 0; folder < 10; folder += 1) {
    const directory = temporaryFolder()
    const promised = nothingPromised()
    for (let round = 1; round <= 10; round += 1) {
      await killRound(directory, round, 1 + random(600), random(30), promised)
      expect(await checkPromises(directory, promised), `CONCORD_SEED=${seed}, folder ${folder}, round ${round}`).toEqual([])
    }
    acknowledged += promised.records.reduce((sum, records) => sum + records.size, 0)
    removeFolder(directory)
  }
  console.log(`100 kills, seed ${seed}: ${acknowledged} acknowledged records, all there`)
})
