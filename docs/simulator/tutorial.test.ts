import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sim } from '../../server/admin/src/verbs/sim/sim.ts'
import { expand } from '../../sim/src/scenario/expand/expand.ts'
import { parsePlan } from '../../sim/src/scenario/file/parse-plan.ts'
import { parseScenario } from '../../sim/src/scenario/file/parse-scenario.ts'
import { readSnippets } from '../readme/snippets.ts'

const snippets = readSnippets(readFileSync(new URL('./tutorial.md', import.meta.url), 'utf8'))
const snippet = (name: string): string => snippets.find(({ scenario }) => scenario === name)!.code

test('the scenario of the tutorial loads and expands, with the limit and without', () => {
  for (const text of [snippet('scenario'), snippet('scenario').replace(snippet('removed'), '')]) {
    const plan = expand(parseScenario(text, 'class.yaml'), 1)
    expect(() => parsePlan(JSON.stringify(plan), 'plan')).not.toThrow()
  }
  expect(snippet('scenario')).toContain(snippet('removed'))
})

test('the slip of the tutorial is answered as it says', () => {
  expect(() => parseScenario(snippet('scenario').replace('think', 'thnik'), 'class.yaml')).toThrow(snippet('slip').trim())
})

test('commands of the tutorial name verbs and options that exist', async () => {
  const lines = snippets.filter(({ language }) => language === 'sh').flatMap(({ code }) => code.trim().split('\n'))
  expect(lines.length).toBeGreaterThan(6)
  for (const line of lines) {
    const [, verb = '', rest = ''] = /^npx concord sim ([a-z]+)(.*)$/.exec(line) ?? []
    const command = await sim.verbs.get(verb)?.load()
    if (command === undefined || !('options' in command)) throw new Error(`no verb: ${line}`)
    const options = [...rest.matchAll(/ --([a-z-]+)/g)].map(([, option = '']) => option)
    expect(options.filter((option) => !Object.hasOwn(command.options, option)), line).toEqual([])
  }
})
