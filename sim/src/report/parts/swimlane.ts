import type { RunResult } from '../../run/run-result.ts'
import { storyLine } from '../words/first-violation.ts'
import { dataBlock, html, type Html } from './html.ts'
import { swimlaneData } from './swimlane-data.ts'
import { amount, count } from '../words/words.ts'

/** The last events, one per line, with arrows between the lanes of those who took part. The page's script draws it. */
export function swimlane(result: Pick<RunResult, 'plan' | 'trace' | 'violations'>, label: string): Html {
  if (result.trace.length === 0) return html`<p>The run left no trace.</p>`
  const data = swimlaneData(result)
  const { violation, rows } = data
  const early = violation !== undefined && violation.seq < (rows[0]?.[0] ?? 0) && html` The violation was before all of them.`
  const isUnique = result.plan.world.actors.some(({ text }) => text === 'unique')
  const left = data.leftOut > 0 && html` The ${amount(data.leftOut)} oldest are in the JSON alone.`
  return html`<p class="note">Time runs down. A column is an actor, a node, the storage or the plan; an arrow is a message that arrives, a dot is something that happens in one place.
Clients send to “server”, which is the node that they are connected to then.${isUnique && ' Texts are single characters that nobody types twice, so that each can be found again.'}
${count(data.rows.length, 'event')} are in this file.${left}${early}</p>
<div class="swimlane" data-label="${label}">${dataBlock('swimlane', data)}
<noscript><ol class="story">${result.trace.slice(-20).map((line) => html`<li>${storyLine(line)}</li>`)}</ol></noscript></div>`
}
