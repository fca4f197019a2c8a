import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { madeUpEvents, madeUpPlan } from '@concord/sim/shrink/testing/made-up-run'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { concord } from '../../../test/in-process.ts'
import { seedsOf } from './campaign.ts'
import { sim } from './sim.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'sim-verbs-'))))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe('concord sim', () => {
  test('lists its verbs, and each explains itself and refuses what it does not know', async () => {
    const all = await concord({}, 'sim')
    for (const verb of sim.verbs.keys()) {
      expect(all.text).toContain(`  ${verb} `)
      expect((await concord({}, 'sim', verb, '--help')).text).toContain(`usage: concord sim ${verb}`)
      const wrong = await concord({}, 'sim', verb, '--jsno')
      expect([wrong.exit, wrong.errors]).toEqual([2, expect.stringContaining(`did you mean --json?\nsee: concord sim ${verb} --help`)])
    }
  })

  test('names the verb that was meant', async () => {
    expect(await concord({}, 'sim', 'replya')).toMatchObject({ exit: 2, errors: expect.stringContaining('did you mean replay?\nsee: concord sim --help') })
  })

  test('list shows level, size and what is not built yet', async () => {
    const { exit, text, value } = await concord({}, 'sim', 'list')
    expect(exit).toBe(0)
    expect(text).toMatch(/ {2}swarm +Everything at once.*\n +message, 2 to 4 editors, 30 to 90 edits and faults/)
    const rows = value as { name: string; needs: string[]; level: string; size: string }[]
    expect(rows.find(({ name }) => name === 'typing-storm')).toMatchObject({ level: 'message', size: '100 actors, 1 document, 1 node, 50 s', needs: [] })
    for (const { needs } of rows) for (const part of needs) expect(text).toContain(`  ${part}: `)
  })
})

describe('concord sim: what cannot be done is said before anything runs', () => {
  const plan = madeUpPlan(madeUpEvents([{ kind: 'join', actor: 'e/a' }, { kind: 'cut', actor: 'e/a' }]))

  test.each<[string, () => string[], string]>([
    ['an unknown scenario', () => ['run', 'swram'], 'id you mean "swarm"?'],
    ['an unknown scenario of a campaign', () => ['campaign', 'swram', '--seeds', '5'], 'id you mean "swarm"?'],
    ['no scenario', () => ['run'], 'concord sim list'],
    ['no such file', () => ['replay', join(folder, 'none.json')], 'there is no file'],
    ['a plan that is no JSON', () => ['replay', file('broken.json', '{"format"')], 'is not JSON'],
    ['a file that is no plan', () => ['replay', file('other.json', { hello: 1 })], '"format" is missing'],
    ['a plan with a stranger', () => ['shrink', file('stranger.json', { ...plan, events: [{ kind: 'cut', id: 'e1', at: 1, actor: 'e/z' }] })], 'names the actor "e/z"'],
    ['a plan out of order', () => ['replay', file('order.json', { ...plan, events: plan.events.toReversed() })], 'order.json: events'],
    ['a seed for a plan', () => ['run', file('plan.json', plan), '--seed', '3'], 'leave --seed out'],
    ['an unknown bug', () => ['run', 'quick', '--bug', 'dedup-off'], 'id you mean "dedupe-off"?'],
    ['a plan with an unknown bug', () => ['run', file('bug.json', { ...plan, bugs: ['dedup-off'] })], 'id you mean "dedupe-off"?'],
    ['an unknown level', () => ['run', 'quick', '--level', 'tcp'], '--level takes message, bytes, http2'],
    ['half a seed', () => ['run', 'quick', '--seed', '1.5'], '--seed takes a whole number'],
    ['a scenario file that is wrong', () => ['run', file('own.yaml', 'name: own\nlevl: message\n')], 'own.yaml:2:1: there is no key "levl"'],
    ['a campaign without seeds', () => ['campaign', 'quick'], '--seeds takes a number of seeds, as 1000'],
    ['a campaign that nobody began', () => ['campaign', '--resume', folder], 'holds no campaign'],
    ['a share above one', () => ['campaign', 'quick', '--seeds', '3', '--repeat', '5'], '--repeat takes a share'],
    ['a result that is none', () => ['report', file('plan2.json', plan)], 'it is not the result of a run'],
    ['a name that is no file name', () => ['shrink', 'quick', '--keep', '../x'], '--keep takes a name'],
  ])('%s', async (_, argv, words) => {
    expect(await concord({}, 'sim', ...argv())).toMatchObject({ exit: 2, text: '', errors: expect.stringContaining(words) })
  })

  test('a scenario that needs a part that is not built yet', async () => {
    const own = readFileSync(new URL('../../../../../sim/scenarios/quick.yaml', import.meta.url), 'utf8').replace('name: quick', 'name: needy')
    const path = file('needy.yaml', `${own}requires: [{ part: relays, for: passing on }]\n`)
    expect(await concord({}, 'sim', 'run', path)).toMatchObject({ exit: 2, errors: expect.stringMatching(/needs what is not built yet: relays .*concord sim list/) })
  })

  test.each([['100', [1, 100]], ['7-7', [7, 7]], ['5000-9999', [5_000, 9_999]]])('seeds %s', (text, seeds) => {
    expect(seedsOf(text)).toEqual(seeds)
  })

  test.each(['', '0', '9-3', 'all', '1e3', '-5'])('seeds %j are none', (text) => {
    expect(() => seedsOf(text)).toThrow('--seeds takes')
  })
})
