import { parseArgs } from 'node:util'
import { campaign } from './campaign.ts'

/** `node --conditions=source sim/src/protocol/run.ts --seed 7 [--count 100]`: the protocol test from a shell. */
const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '1' } } })
const [seed, count] = [Number(values.seed), Number(values.count)]
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(count) || count < 1) {
  process.stderr.write('usage: run.ts --seed N [--count N], whole numbers, count from 1\n')
  process.exit(2)
}
const progress = (done: number): void => {
  if (done % 100 === 0) process.stderr.write(`${done} of ${count} seeds\n`)
}
const { failures, versions } = await campaign(seed, count, {}, progress)
for (const failure of failures) process.stdout.write(`${failure}\n`)
process.stdout.write(`seeds ${seed} to ${seed + count - 1}: ${failures.length} failed, ${versions} versions committed\n`)
process.exit(failures.length === 0 ? 0 : 1)
