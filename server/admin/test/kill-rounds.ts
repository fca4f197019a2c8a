import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { killRound, MortalServer } from './kill-round.ts'

/** Kills one server `rounds` times under load, with one store that lives through all of it. */
export async function killRounds(rounds: number): Promise<void> {
  const seed = Number(process.env['CONCORD_SEED'] ?? Date.now() % 1_000_000)
  console.log(`CONCORD_SEED=${seed}`)
  const data = await mkdtemp(join(tmpdir(), 'concord-kill-'))
  const server = await MortalServer.start(data)
  let acknowledged = 0
  try {
    for (let round = 0; round < rounds; round++) {
      const result = await killRound(server, round, seed)
      expect(result.problems, `round ${round}, CONCORD_SEED=${seed}`).toEqual([])
      acknowledged += result.acknowledged
    }
  } finally {
    await server.stop()
    await rm(data, { recursive: true })
  }
  console.log(`${rounds} kills, ${acknowledged} operations acknowledged before them`)
  expect(acknowledged, 'the load must be running when the server dies').toBeGreaterThan(rounds)
}
