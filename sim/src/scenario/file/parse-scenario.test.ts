import { expect, test } from 'vitest'
import { FileError } from './file-error.ts'
import { loadScenario } from './load-scenario.ts'
import { parseScenario } from './parse-scenario.ts'

const GOOD = `name: shift
title: Night shift
about: A few people work at night.
duration: 1m
documents:
  log: { size: 10 KB }
actors:
  guards:
    count: 3
    document: log
    link: { office: 50 %, night: 50 % }
    does: { rate: 20/min, characters: 1..4 }
links:
  night: { like: home, delay: 40ms }
faults:
  - { fault: kill, node: n1, at: [10s, 30s], for: 2s..5s }
`

function problems(text: string): readonly string[] {
  try {
    parseScenario(text, 'shift.yaml')
  } catch (error) {
    if (error instanceof FileError) return error.problems
    throw error
  }
  return []
}

/** The one problem of the good file with one thing changed. */
function problem(from: string, to: string): string | undefined {
  expect(GOOD).toContain(from)
  const found = problems(GOOD.replace(from, to))
  expect(found).toHaveLength(1)
  return found[0]
}

test('times, sizes, rates, shares and ranges are read as they are written', () => {
  const { duration, documents, actors, links, faults } = parseScenario(GOOD, 'shift.yaml')
  expect(duration).toBe(60_000)
  expect(documents['log']).toEqual({ size: 10_000, count: 1 })
  expect(actors['guards']).toMatchObject({ link: { office: 0.5, night: 0.5 }, does: { rate: 1 / 3, characters: { least: 1, most: 4 } } })
  expect(links['night']).toMatchObject({ like: 'home', delay: 40 })
  expect(faults[0]).toMatchObject({ at: [10_000, 30_000], for: { least: 2_000, most: 5_000 }, node: ['n1'] })
})

test('a wrong key is named with its place, what may stand there, and what was probably meant', () => {
  expect(problem('count: 3', 'cuont: 3')).toBe(
    'shift.yaml:9:5: actors.guards: there is no key "cuont" here (there is kind, count, user, document, spread, link, node, join, leave, idle, text, device, unary, does). Did you mean "count"?',
  )
  expect(problem('node: n1', 'nodes: n1, node: n1')).toMatch(/^shift\.yaml:16:20: faults\[0\]: there is no key "nodes" here \(.*\)\. Did you mean "node"\?$/)
})

test('a wrong value is named with its place and what it must be', () => {
  expect(problem('duration: 1m', 'duration: 60')).toBe('shift.yaml:4:11: duration is 60, but must be a time with its unit, as 150ms, 20s, 5m, 24h')
  expect(problem('rate: 20/min', 'rate: 20')).toBe('shift.yaml:12:19: actors.guards.does.rate is 20, but must be a rate with its unit, as 3/s, 20/min, 5/h')
  expect(problem('count: 3', 'count: 0')).toBe('shift.yaml:9:12: actors.guards.count is 0, but must be at least 1')
  expect(problem('size: 10 KB', 'size: 10 kb')).toContain('documents.log.size is "10 kb", but must be a size with its unit')
  expect(problem('2s..5s', '5s..2s')).toContain('faults[0].for is "5s..2s", but must be a time or a range of times')
  expect(problem('fault: kill', 'fault: kil')).toMatch(/^shift\.yaml:16:14: faults\[0\]\.fault is "kil", but must be one of .*\. Did you mean "kill"\?$/)
  expect(problem('    count: 3', '    kind: guard\n    count: 3')).toBe('shift.yaml:9:11: actors.guards.kind is "guard", but must be one of editor, viewer, hostile')
})

test('what is missing is named at what it is missing from', () => {
  expect(problem('title: Night shift\n', '')).toBe('shift.yaml:1:1: "title" is missing: it must be a line of text')
  expect(problem('    document: log\n', '')).toBe('shift.yaml:8:3: actors.guards "document" is missing: it must be a name')
  expect(problem('duration: 1m\n', '')).toContain('"duration" is missing')
  expect(problem(', at: [10s, 30s]', '')).toContain('faults[0] needs exactly one of at, every, rate')
})

test('names that nothing bears are found, with the name that was probably meant', () => {
  expect(problem('document: log', 'document: logg')).toBe('shift.yaml:10:15: actors.guards.document names the document "logg", which does not exist (there is log). Did you mean "log"?')
  expect(problem('night: 50 % }', 'nigth: 50 % }')).toContain('actors.guards.link names the link "nigth", which does not exist (there is perfect, office, home, mobile, transatlantic, night). Did you mean "night"?')
  expect(problem('node: n1', 'node: n2')).toContain('faults[0].node names the node "n2", which does not exist')
  expect(problem('fault: kill, node: n1', 'fault: offline, on: guards/4')).toContain('names the actor guards/4: guards has 3, counted from 1')
  expect(problem('duration: 1m', 'duration: 1m\nbugs: [fence-of]')).toContain('Did you mean "fence-off"?')
})

test('settings that contradict each other are found', () => {
  expect(problem('office: 50 %', 'office: 20 %')).toContain('has shares that do not make 100 %')
  expect(problem('[10s, 30s]', '90s')).toBe('shift.yaml:16:34: faults[0].at is after the end: duration is 60s')
  expect(problem('duration: 1m', 'duration: 1m\nlimits: { set: { hashMs: 9000 } }')).toContain('limits.set cannot be: limits contradict each other: hashMs and tickMs together')
  expect(problem('document: log', 'document: log\n    spread: workload')).toContain('is workload, so documents.log.count must be as-needed')
  expect(problems(GOOD.replace('actors:', 'swarm: { edits: 1, gap: [1ms], density: [0], faults: {}, editors: 1, nodes: [1], documents: [1], delay: [0] }\nactors:'))).toContain(
    'shift.yaml:8:1: actors has no place beside swarm: a swarm draws all of it',
  )
})

test('text that is not YAML is refused with its place', () => {
  expect(problems('name: [a\ntitle: b')[0]).toMatch(/^shift\.yaml:\d+:\d+: /)
  expect(problems('name: a\nname: b')[0]).toMatch(/^shift\.yaml:2:1: .*unique/)
  expect(problems('- a')[0]).toBe('shift.yaml:1:1: must be a mapping of keys and values')
  expect(problems('')[0]).toContain('must be a mapping of keys and values')
})

test('a file that is wrong all over is told from the top, not without end', () => {
  const faults = Array.from({ length: 50 }, () => '  - { fault: nothing }').join('\n')
  const found = problems(`name: X\n${GOOD.slice(GOOD.indexOf('title'), GOOD.indexOf('faults:'))}faults:\n${faults}\n`)
  expect(found).toHaveLength(21)
  expect(found[0]).toContain('shift.yaml:1:7')
  expect(found.at(-1)).toMatch(/^and \d+ more$/)
})

test('a scenario that does not exist is answered with what to do', () => {
  expect(() => loadScenario('typing-strom')).toThrow('there is no scenario "typing-strom". Did you mean "typing-storm"? `concord sim list` shows all')
  expect(() => loadScenario('./nothing.yaml')).toThrow('there is no file ./nothing.yaml')
})
