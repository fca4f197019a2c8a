import { describeEvent } from '../plan/describe-event.ts'
import { PERFECT, type LinkModel } from '../plan/link-model.ts'
import type { Plan, PlannedActor } from '../plan/plan.ts'
import type { PlanEvent } from '../plan/plan-event.ts'

/** What happens in a plan, in sentences: who is there, then one line per event. For small plans; nothing is left out. */
export function storyOf(plan: Plan, failure?: string): readonly string[] {
  const width = `${shortMs(plan.endMs)} ms`.length
  const at = (ms: number): string => `${shortMs(ms)} ms`.padStart(width)
  const names = shortNames(plan.world.actors)
  const told = plan.events.map((event) => `${at(event.at)}  ${tell(event, names)}`)
  return [...introduced(plan, names), ...told, `${at(plan.endMs)}  faults end, the world heals`, ...(failure === undefined ? [] : [`then: ${failure}`])]
}

function introduced(plan: Plan, names: ReadonlyMap<string, string>): readonly string[] {
  const { nodes, documents, actors, links, storage, limits, limitPreset, cpu } = plan.world
  const isSpread = plan.world.route === 'spread' && nodes.length > 1
  const people = actors.map((actor) => `${names.get(actor.name)} (${traitsOf(actor, isSpread)}) at ${actor.document}`)
  const facts = [
    `${plan.scenario}, seed ${plan.seed}, level ${plan.level}`,
    `${nodes.map(({ name, skewMs, slowness }) => `${name}${skewMs === 0 ? '' : `, clock ${skewMs} ms ahead`}${slowness === 1 ? '' : `, slower by ${slowness}`}`).join('; ')}${cpu ? ' (work takes time)' : ''}`,
    people.join(', '),
    ...documents.filter(({ units }) => units > 0).map(({ id, units }) => `${id} begins with ${units} units`),
    ...Object.entries(links).map(([name, model]) => `network ${name}: ${describeLink(model)}`),
    ...(storage.delayMs === 0 ? [] : [`storage takes up to ${storage.delayMs * 2} ms`]),
    ...(limitPreset === 'default' ? [] : [`limits of ${limitPreset}`]),
    ...Object.entries(limits).map(([name, value]) => `${name} is ${value}`),
    ...plan.bugs.map((bug) => `planted bug: ${bug}`),
  ]
  return facts
}

function traitsOf({ kind, unary, deviceMs, node }: PlannedActor, isSpread: boolean): string {
  return [kind, isSpread && node !== undefined && `by ${node}`, unary && 'unary submits', deviceMs > 0 && `device takes ${deviceMs} ms`].filter((trait) => trait !== false).join(', ')
}

function describeLink(model: LinkModel): string {
  const differing = (Object.keys(PERFECT) as (keyof LinkModel)[]).filter((key) => model[key] !== PERFECT[key])
  return differing.length === 0 ? 'perfect' : differing.map((key) => `${key} ${model[key]}`).join(', ')
}

/** The user's name where only one actor has it, else the actor's. */
function shortNames(actors: readonly PlannedActor[]): ReadonlyMap<string, string> {
  return new Map(actors.map(({ name, user }) => [name, actors.filter((other) => other.user === user).length === 1 ? user : name]))
}

function tell(event: PlanEvent, names: ReadonlyMap<string, string>): string {
  return describeEvent('actor' in event ? { ...event, actor: names.get(event.actor) ?? event.actor } : event)
}

/** At most three decimals. */
function shortMs(ms: number): string {
  return String(Math.round(ms * 1_000) / 1_000)
}
