import { BUGS } from '../../bugs/bugs.ts'
import type { LinkModel } from '../../plan/link-model.ts'
import type { Level, Plan, PlannedActor } from '../../plan/plan.ts'
import type { RunResult } from '../../run/run-result.ts'
import { handsInWords } from './hands.ts'
import { html, type Html } from '../parts/html.ts'
import { table } from '../parts/table.ts'
import { amount, count, duration, list, moment } from './words.ts'

const LEVELS: Readonly<Record<Level, string>> = {
  message: 'Level message: the real service and SDK code hand each other message objects; nothing is encoded on the way.',
  bytes: 'Level bytes: the real service and SDK code with their codecs; bytes travel.',
  http2: "Level http2: the real service and SDK code over Node's own HTTP/2, on connections in memory.",
  live: 'Level live: real clients against running servers, over sockets and by the wall clock.',
}

/** What was run, told from the plan, so that it is told of every run alike. */
export function describeScenario({ plan, faults }: RunResult, about: string | undefined): Html {
  return html`${about !== undefined && html`<p class="about">${about}</p>`}
<p>${cast(plan)} ${LEVELS[plan.level]}</p>
${actorTable(plan)}
${oddNodes(plan)}
<h3>What happened to them</h3>
<p>${handsInWords(plan)}</p>
${faultList(faults)}
<p>After ${moment(plan.endMs)} ${faults.length > 0 ? 'every fault is over and the world heals' : 'nobody types any more'}; within ${duration(plan.healMs)} everybody must be online and in step.</p>`
}

/** A run with planted bugs is a test of the checkers, not of the product: whoever reads it must know. */
export function plantedBugs({ bugs }: Plan): Html | undefined {
  if (bugs.length === 0) return undefined
  const words = bugs.map((name) => html`<strong>${name}</strong>${BUGS.has(name) && `: ${BUGS.get(name)!.what}`} `)
  return html`<p class="planted">Planted on purpose, to see that the checkers notice: ${words}</p>`
}

/** A letter for each fault window, as the plots show it. */
export function faultLetter(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`
}

function cast({ world, seed, title }: Plan): string {
  const regions = [...new Set(world.nodes.map(({ region }) => region))]
  const units = world.documents.reduce((sum, document) => sum + document.units, 0)
  const begin = units === 0 ? 'which begin empty' : `which begin with ${count(units, 'unit')} of text in all`
  const nodes = `${count(world.nodes.length, 'node')} (${list(world.nodes.map(({ name }) => name))}${regions.length > 1 ? ` in ${list(regions)}` : ''})`
  const documents = world.documents.length === 1 ? begin.replace('begin', 'begins') : begin
  const route = world.nodes.length < 2 ? '' : world.route === 'first' ? ' Clients are sent to the first node that lives.' : ' Clients are spread over the nodes.'
  const cpu = world.cpu ? ' Each node has one processor, charged by the calibrated cost of its work.' : ' The servers are infinitely fast: no processor time is charged.'
  const storage = world.storage.delayMs > 0 ? ` A call to the storage takes ${duration(world.storage.delayMs)} on average.` : ''
  return `“${title}” with seed ${seed}: ${count(world.actors.length, 'actor')} on ${count(world.documents.length, 'document')}, ${documents}, served by ${nodes}.${route}${cpu}${storage}`
}

function actorTable({ world }: Plan): Html {
  const groups = [...Map.groupBy(world.actors, ({ group, kind, link }) => `${group}\0${kind}\0${link}`).values()]
  const rows = groups.slice(0, 40).map((actors) => {
    const [first] = actors as [PlannedActor, ...PlannedActor[]]
    const documents = [...new Set(actors.map(({ document }) => document))]
    return { cells: [first.group, amount(actors.length), first.kind, list(documents, 4), linkInWords(first.link, world.links[first.link]), deviceInWords(actors)] }
  })
  const columns = [{ heading: 'Actors' }, { heading: 'How many', figures: true }, { heading: 'Kind' }, { heading: 'Documents' }, { heading: 'Connection' }, { heading: 'Device' }]
  return table('Actors of the scenario', columns, rows)
}

function deviceInWords(actors: readonly PlannedActor[]): string {
  const slowest = Math.max(...actors.slice(0, 1000).map(({ deviceMs }) => deviceMs))
  return slowest === 0 ? 'stores at once' : `stores within ${duration(slowest)}`
}

function linkInWords(name: string, link: LinkModel | undefined): string {
  if (link === undefined) return name
  const parts = [
    link.delayMs === link.delayP99Ms ? `${duration(link.delayMs)} each way` : `${duration(link.delayMs)} each way, one in a hundred above ${duration(link.delayP99Ms)}`,
    link.bandwidth > 0 && `${amount(link.bandwidth / 1000)} kB/s`,
    link.window > 0 && `window of ${amount(link.window)} bytes`,
    link.repeat > 0 && `${amount(link.repeat * 100)} % of submits arrive twice`,
    link.glitch > 0 && `${amount(link.glitch * 100)} % of frames lost or doubled`,
    link.slowReadMs > 0 && `reads up to ${duration(link.slowReadMs)} late`,
  ]
  return `${name}: ${parts.filter((part) => part !== false).join(', ')}`
}

function oddNodes({ world }: Plan): Html | undefined {
  const odd = world.nodes.filter(({ skewMs, slowness }) => skewMs !== 0 || slowness !== 1)
  if (odd.length === 0) return undefined
  const words = odd.map(({ name, skewMs, slowness }) => {
    const clock = skewMs !== 0 && `the clock of ${name} is ${duration(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead' : 'behind'}`
    return [clock, slowness !== 1 && `${name} is ${amount(slowness)} times as slow`].filter((part) => part !== false).join(' and ')
  })
  return html`<p>Not all nodes are alike: ${list(words, 12)}.</p>`
}

const MOST_FAULTS = 60

function faultList(faults: RunResult['faults']): Html {
  if (faults.length === 0) return html`<p>No faults: nothing was broken on purpose.</p>`
  const items = faults.slice(0, MOST_FAULTS).map(({ what, fromMs, toMs }, index) => {
    const when = toMs > fromMs ? `${moment(fromMs)} to ${moment(toMs)}` : `at ${moment(fromMs)}`
    return html`<li><span class="letter">${faultLetter(index)}</span> <span class="when">${when}</span> <span>${what}</span></li>`
  })
  const left = faults.length - items.length
  return html`<p>Broken on purpose, with the letters that the plots use:</p><ol class="faults">${items}</ol>${left > 0 && html`<p class="note">And ${amount(left)} more, in the JSON beside this page.</p>`}`
}
