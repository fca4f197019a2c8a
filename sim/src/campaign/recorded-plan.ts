import { readFileSync } from 'node:fs'
import type { Plan } from '../plan/plan.ts'
import { FileError } from '../scenario/file-error.ts'

/** A plan in a file: bare, or with what its run gave and where. Results and regressions are such files too. */
export interface RecordedPlan {
  readonly plan: Plan
  /** Of the run. */
  readonly hash?: string
  readonly commit?: string
  readonly node?: string
}

/** Reads what `sim run --plan-out`, a campaign or `sim shrink` wrote. Throws {@link FileError} that says what is wrong. */
export function readRecordedPlan(path: string): RecordedPlan {
  const value = readJson(path)
  const recorded = typeof value === 'object' && value !== null && 'plan' in value ? (value as Partial<RecordedPlan>) : { plan: value }
  const problem = planProblem(recorded.plan)
  if (problem !== undefined) throw new FileError(path, [`${path}: ${problem}. Plans are written by \`concord sim run SCENARIO --plan-out FILE\``])
  const { plan, hash, commit, node } = recorded as RecordedPlan
  return { plan, ...(hash === undefined ? {} : { hash }), ...(commit === undefined ? {} : { commit }), ...(node === undefined ? {} : { node }) }
}

/** A JSON file. Throws {@link FileError}. */
export function readJson(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new FileError(path, [`there is no file ${path}, or it cannot be read`])
  }
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new FileError(path, [`${path} is not JSON: ${(error as Error).message}`])
  }
}

const LEVELS: readonly unknown[] = ['message', 'bytes', 'http2', 'live']

/** Why a value is no plan; the first reason. */
export function planProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'it holds no plan'
  const plan = value as Partial<Plan>
  if (plan.format !== 1) return `format must be 1, not ${JSON.stringify(plan.format)}`
  if (!LEVELS.includes(plan.level)) return `level must be one of ${LEVELS.join(', ')}, not ${JSON.stringify(plan.level)}`
  for (const key of ['seed', 'endMs', 'healMs'] as const) if (!Number.isFinite(plan[key])) return `${key} must be a number, not ${JSON.stringify(plan[key])}`
  if (!Array.isArray(plan.events) || !Array.isArray(plan.bugs)) return 'events and bugs must be lists'
  const { world } = plan
  if (typeof world !== 'object' || world === null || !Array.isArray(world.nodes) || !Array.isArray(world.actors) || !Array.isArray(world.documents)) return 'world must have nodes, actors and documents'
  return eventProblem(plan as Plan)
}

function eventProblem({ events, world }: Plan): string | undefined {
  const seen = new Set<string>()
  const actors = new Set(world.actors.map(({ name }) => name))
  const nodes = new Set(world.nodes.map(({ name }) => name))
  let last = 0
  for (const event of events) {
    if (typeof event?.id !== 'string' || typeof event.kind !== 'string' || !Number.isFinite(event.at)) return `an event needs id, at and kind: ${JSON.stringify(event)}`
    if (seen.has(event.id)) return `event ${event.id} stands there twice`
    if (event.at < last) return `event ${event.id} is earlier than the one before it`
    if ('actor' in event && !actors.has(event.actor)) return `event ${event.id} is of actor ${event.actor}, whom the world does not have`
    if ('node' in event && event.node !== undefined && !nodes.has(event.node)) return `event ${event.id} is of node ${event.node}, which the world does not have`
    const unmet = event.needs?.find((id) => !seen.has(id))
    if (unmet !== undefined) return `event ${event.id} needs ${unmet}, which does not come before it`
    seen.add(event.id)
    last = event.at
  }
  return undefined
}
