import { resolveLimits } from '@concord/server/core/limits'
import { BUGS } from '../../bugs/bugs.ts'
import { TEXT_PARTS } from '../../plan/unique-text.ts'
import { PRESET_NAMES } from '../expand/links.ts'
import type { Problem } from './problem.ts'
import type { Fault } from '../schema/fault-schema.ts'
import type { Scenario } from '../schema/schema.ts'
import { didYouMean } from './suggest.ts'

type Path = Problem['path']

const CHECKS = [shapeProblems, actorProblems, stepProblems, faultProblems, levelProblems, limitProblems, bugProblems] as const

/** What no single key shows: names that nothing bears, settings that contradict each other. */
export function brokenReferences(scenario: Scenario): Problem[] {
  return CHECKS.flatMap((check) => check(scenario))
}

function problem(path: Path, message: string): Problem {
  return { path, isKey: false, message }
}

/** Nothing when the name is known. */
function named(path: Path, what: string, name: string, known: readonly string[]): Problem[] {
  if (known.includes(name)) return []
  return [problem(path, `names the ${what} "${name}", which does not exist${known.length === 0 ? '' : ` (there is ${known.join(', ')})`}${didYouMean(name, known)}`)]
}

function shapeProblems(scenario: Scenario): Problem[] {
  const { swarm, duration, actors, documents, faults, steps, topology } = scenario
  if (swarm !== undefined) {
    const own = {
      duration: duration !== undefined,
      actors: Object.keys(actors).length > 0,
      documents: Object.keys(documents).length > 0,
      faults: faults.length > 0,
      steps: steps.length > 0,
    }
    return Object.entries(own).flatMap(([key, isSet]) => (isSet ? [problem([key], 'has no place beside swarm: a swarm draws all of it')] : []))
  }
  const names = topology.nodes.map(({ name }) => name)
  return [
    ...(duration === undefined ? [problem([], '"duration" is missing: it must be a time with its unit, as 60s')] : []),
    ...(Object.keys(actors).length === 0 ? [problem([], '"actors" is missing: it must name at least one group')] : []),
    ...names.flatMap((name, index) => (names.indexOf(name) === index ? [] : [problem(['topology', 'nodes', index, 'name'], `names a second node "${name}"`)])),
    ...names.flatMap((name, index) => (Object.hasOwn(actors, name) ? [problem(['topology', 'nodes', index, 'name'], `"${name}" is a group of actors, too: sides of a partition could not be told apart`)] : [])),
  ]
}

function linkNames({ links }: Scenario): string[] {
  return [...PRESET_NAMES, ...Object.keys(links)]
}

function actorProblems(scenario: Scenario): Problem[] {
  const documents = Object.keys(scenario.documents)
  const nodes = scenario.topology.nodes.map(({ name }) => name)
  const groups = Object.entries(scenario.actors)
  const unique = groups.filter(([, { text }]) => text === 'unique').length
  return [
    ...groups.flatMap(([name, group]) => {
      const path = ['actors', name]
      const links = typeof group.link === 'string' ? [group.link] : Object.keys(group.link)
      return [
        ...named([...path, 'document'], 'document', group.document, documents),
        ...links.flatMap((link) => named([...path, 'link'], 'link', link, linkNames(scenario))),
        ...(group.node === undefined ? [] : named([...path, 'node'], 'node', group.node, nodes)),
        ...spreadProblems([...path, 'spread'], name, scenario),
        ...(typeof group.link === 'string' || Math.abs(sum(Object.values(group.link)) - 1) < 0.001 ? [] : [problem([...path, 'link'], 'has shares that do not make 100 %')]),
      ]
    }),
    ...(unique >= TEXT_PARTS ? [problem(['actors'], `has ${unique} groups with unique text: at most ${TEXT_PARTS - 1} are possible`)] : []),
  ]
}

function spreadProblems(path: Path, name: string, { actors, documents }: Scenario): Problem[] {
  const { spread, document } = actors[name]!
  const count = documents[document]?.count
  const others = Object.values(actors).filter((group) => group.document === document && group.spread === 'workload').length
  if (spread === 'workload' && count !== 'as-needed') return [problem(path, `is workload, so documents.${document}.count must be as-needed`)]
  if (spread !== 'workload' && count === 'as-needed' && others === 0) return [problem(path, `must be workload for one group of ${document}, or nothing says how many documents are needed`)]
  return spread === 'workload' && others > 1 ? [problem(path, `is workload for ${others} groups of ${document}: only one can say how many documents are needed`)] : []
}

function stepProblems(scenario: Scenario): Problem[] {
  return scenario.steps.flatMap((step, index) => [
    ...named(['steps', index, 'group'], 'group', step.group, Object.keys(scenario.actors)),
    ...lateProblems(['steps', index, 'at'], [step.at], scenario),
    ...(step.rate ?? step.presence ?? step.join ?? step.paste ?? step.undo) === undefined ? [problem(['steps', index], 'changes nothing: it needs one of rate, presence, join, paste, undo')] : [],
  ])
}

function lateProblems(path: Path, times: readonly number[], { duration = Infinity }: Scenario): Problem[] {
  return times.some((at) => at > duration) ? [problem(path, `is after the end: duration is ${duration / 1_000}s`)] : []
}

function faultProblems(scenario: Scenario): Problem[] {
  const nodes = scenario.topology.nodes.map(({ name }) => name)
  return scenario.faults.flatMap((fault, index) => {
    const path = ['faults', index]
    return [
      ...lateProblems([...path, 'at'], fault.at ?? [], scenario),
      ...('on' in fault ? actorNameProblems([...path, 'on'], fault.on, ['everybody'], scenario) : []),
      ...('apart' in fault ? fault.node.flatMap((name) => named([...path, 'node'], 'node', name, ['any', 'each', ...nodes])) : 'node' in fault && fault.node !== undefined ? named([...path, 'node'], 'node', fault.node, nodes) : []),
      ...('document' in fault ? named([...path, 'document'], 'document', fault.document, Object.keys(scenario.documents)) : []),
      ...('link' in fault ? named([...path, 'link'], 'link', fault.link, linkNames(scenario)) : []),
      ...sideProblems(path, fault, scenario),
    ]
  })
}

function sideProblems(path: Path, fault: Fault, scenario: Scenario): Problem[] {
  if (fault.fault !== 'partition') return []
  const others = ['storage', ...scenario.topology.nodes.map(({ name }) => name)]
  return (['a', 'b'] as const).flatMap((side) => fault[side].flatMap((name, index) => actorNameProblems([...path, side, index], name, others, scenario)))
}

/** A group, an actor of a group, or one of some other names. */
function actorNameProblems(path: Path, name: string, others: readonly string[], { actors, steps }: Scenario): Problem[] {
  const [group = '', number] = name.split('/')
  if (number === undefined) return named(path, 'group', name, [...others, ...Object.keys(actors)])
  const count = (actors[group]?.count ?? 0) + sum(steps.map((step) => (step.group === group ? (step.join?.count ?? 0) : 0)))
  if (count === 0) return named(path, 'group', group, Object.keys(actors))
  return Number(number) >= 1 && Number(number) <= count ? [] : [problem(path, `names the actor ${name}: ${group} has ${count}, counted from 1`)]
}

function levelProblems(scenario: Scenario): Problem[] {
  return scenario.expect.levels.flatMap(({ from = 0, to = Infinity }, index) => (from < to ? [] : [problem(['expect', 'levels', index, 'to'], 'must be later than from')]))
}

function bugProblems({ bugs }: Scenario): Problem[] {
  return bugs.flatMap((bug, index) => named(['bugs', index], 'planted bug', bug, [...BUGS.keys()]))
}

/** The server would refuse them at start. */
function limitProblems({ limits, swarm }: Scenario): Problem[] {
  if (swarm !== undefined) return []
  const own = Object.fromEntries(Object.entries(limits.set).filter(([, value]) => value !== undefined))
  try {
    resolveLimits(limits.preset, own)
    return []
  } catch (error) {
    return [problem(['limits', 'set'], `cannot be: ${error instanceof Error ? error.message : String(error)}`)]
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
