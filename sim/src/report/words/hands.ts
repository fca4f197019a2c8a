import type { Plan } from '../../plan/plan.ts'
import type { PlanEvent } from '../../plan/plan-event.ts'
import { amount, count, list, moment } from './words.ts'

/** What people type, counted by the second. */
const TYPED: ReadonlySet<PlanEvent['kind']> = new Set(['insert', 'delete', 'replace', 'format', 'embed', 'undo', 'redo', 'paste'])
const STEP_MS = 1_000
/** So many times as fast as usual is worth a sentence. */
const STORM = 4
const MOST_PASTES = 5

/** What the plan makes people, devices and connections do, in sentences: all of it counted, then what stands out. */
export function handsInWords(plan: Plan): string {
  const { events } = plan
  if (events.length === 0) return 'Nothing was planned.'
  const kinds = [...Map.groupBy(events, ({ kind }) => kind)].toSorted(([, a], [, b]) => b.length - a.length)
  const words = kinds.map(([kind, { length }]) => `${amount(length)} × ${kind}`)
  return [`The plan holds ${count(events.length, 'event')}: ${list(words, 30)}.`, ...pastes(events), ...storm(plan)].join(' ')
}

function pastes(events: readonly PlanEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'paste' ? [`At ${moment(event.at)} ${event.actor} pastes ${count(event.units + event.text.length, 'unit')} of text at once.`] : [])).slice(0, MOST_PASTES)
}

/** The longest stretch in which people type several times as fast as they usually do. */
function storm({ events, endMs }: Plan): string[] {
  const perStep = Array<number>(Math.ceil(endMs / STEP_MS)).fill(0)
  for (const { kind, at } of events) if (TYPED.has(kind) && at < endMs) perStep[Math.floor(at / STEP_MS)]! += 1
  const usual = perStep.toSorted((a, b) => a - b)[Math.floor(perStep.length / 2)] ?? 0
  let [best, from]: [readonly [from: number, to: number], number] = [[0, 0], 0]
  perStep.forEach((edits, step) => {
    if (edits < usual * STORM) from = step + 1
    else if (step + 1 - from > best[1] - best[0]) best = [from, step + 1]
  })
  const [begin, end] = best
  if (usual < 10 || end - begin < 2) return []
  const most = perStep.slice(begin, end).reduce((sum, edits) => sum + edits, 0) / (end - begin)
  return [`From ${moment(begin * STEP_MS)} to ${moment(end * STEP_MS)} they make about ${amount(Math.round(most))} edits a second, elsewhere about ${amount(usual)}.`]
}
