import type { Plan } from '../../plan/plan.ts'
import { FileError } from './file-error.ts'
import { planSchema } from '../schema/plan-schema.ts'
import { type Problem, problemLines, problemsOf } from './problem.ts'
import { keysAt } from '../schema/schema-keys.ts'
import { didYouMean } from './suggest.ts'

/** Reads a plan, as `concord sim shrink` and campaigns write them. Throws {@link FileError} that names every problem. */
export function parsePlan(text: string, file: string): Plan {
  const value = parseJson(text, file)
  const parsed = planSchema.safeParse(value)
  const problems = parsed.success ? brokenNames(parsed.data) : problemsOf(parsed.error, value, (path) => keysAt(planSchema, path, value))
  if (parsed.success && problems.length === 0) return parsed.data
  throw new FileError(file, problemLines(problems, () => file))
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FileError(file, [`${file}: is not JSON: ${error instanceof Error ? error.message : String(error)}`])
  }
}

/** Names that nothing bears, ids that stand twice, and events out of order. */
function brokenNames({ world, events }: Plan): Problem[] {
  const problem = (index: number, message: string): Problem => ({ path: ['events', index], isKey: false, message })
  const actors = new Set(world.actors.map(({ name }) => name))
  const nodes = new Set(world.nodes.map(({ name }) => name))
  const documents = new Set(world.documents.map(({ id }) => id))
  const seen = new Set<string>()
  const known = (index: number, what: string, name: string, names: ReadonlySet<string>): Problem[] =>
    names.has(name) ? [] : [problem(index, `names the ${what} "${name}", which the plan's world lacks${didYouMean(name, names)}`)]
  const cast = world.actors.flatMap(({ name, document, link }, index) => [
    ...(documents.has(document) ? [] : [{ path: ['world', 'actors', index], isKey: false, message: `${name} names the document "${document}", which the plan's world lacks` }]),
    ...(Object.hasOwn(world.links, link) ? [] : [{ path: ['world', 'actors', index], isKey: false, message: `${name} names the link "${link}", which the plan's world lacks` }]),
  ])
  const story = events.flatMap((event, index) => {
    const found = [
      ...('actor' in event ? known(index, 'actor', event.actor, actors) : []),
      ...('node' in event && event.node !== undefined ? known(index, 'node', event.node, nodes) : []),
      ...('document' in event ? known(index, 'document', event.document, documents) : []),
      ...(seen.has(event.id) ? [problem(index, `has the id "${event.id}", which another event has, too`)] : []),
      ...(event.at < (events[index - 1]?.at ?? 0) ? [problem(index, 'comes before the event above it: events stand in the order of their times')] : []),
    ]
    seen.add(event.id)
    return found
  })
  return [...cast, ...story]
}
