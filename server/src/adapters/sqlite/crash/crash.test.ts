import { existsSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { removeFolder, temporaryFolder } from '../testing.ts'
import { checkPromises, killRound, nothingPromised } from './crash-rounds.ts'
import { testSeed, seededRandom } from '../seeded-random.ts'

test('killed under load, 10 times over: every acknowledged record is there once, and the log is a valid prefix', async () => {
  const seed = testSeed()
  const random = seededRandom(seed)
  const directory = temporaryFolder()
  const promised = nothingPromised()
  for (let round = 1; round <= 10; round += 1) {
    await killRound(directory, round, 20 + random(400), random(12), promised)
    expect(await checkPromises(directory, promised), `CONCORD_SEED=${seed}, round ${round}`).toEqual([])
  }
  removeFolder(directory)
})

test('a write-ahead log that is torn anywhere leaves a valid prefix', async () => {
  const seed = testSeed()
  const random = seededRandom(seed)
  for (let round = 1; round <= 3; round += 1) {
    const directory = temporaryFolder()
    await killRound(directory, round, 200, 0, nothingPromised())
    const wal = join(directory, 'concord.db-wal')
    expect(existsSync(wal)).toBe(true)
    truncateSync(wal, random(statSync(wal).size))
    expect(await checkPromises(directory, nothingPromised()), `CONCORD_SEED=${seed}, round ${round}`).toEqual([])
    removeFolder(directory)
  }
})

test('the check sees a lost record, a changed one and a lost snapshot', async () => {
  const directory = temporaryFolder()
  const promised = nothingPromised()
  await killRound(directory, 1, 100, 0, promised)
  const [version, record] = [...promised.records[3]!].at(-1)!
  promised.records[3]!.set(version, { ...record, userId: 'somebody else' })
  promised.records[4]!.set(1_000_000, record)
  promised.snapshots[5]!.add(1_000_000)
  expect((await checkPromises(directory, promised)).map((complaint) => complaint.replace(/\d{2,}|head.*/g, '#'))).toEqual([
    expect.stringMatching(/^document 3: acknowledged version \S+ is another record now$/),
    'document 4: acknowledged version # is lost',
    expect.stringMatching(/^document 5: snapshot .*(lost|promised)/),
  ])
  removeFolder(directory)
})
