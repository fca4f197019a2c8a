import { type Rules, RULES } from '@concord/client/testing'
import { RULES as SERVER_RULES, type ServerRules } from '@concord/server/core/rules'
import type { CounterName } from '@concord/server/ports'
import { renderRuns } from '../checkers/fold.ts'
import { KeyedRandom } from '../kernel/keyed-random.ts'
import { VirtualTime } from '../kernel/virtual-time.ts'
import { Author } from './author.ts'
import { checkLog } from './check-log.ts'
import { Device } from './device.ts'
import { PERFECT } from './faulty-link.ts'
import { Ledger } from './ledger.ts'
import { type Plan, planOf } from './plan.ts'
import { DOCUMENT_KEY, SimServer } from './sim-server.ts'
import { trouble } from './trouble.ts'
import { UniqueCharacters } from './typist.ts'

export interface RunOptions {
  /** Rules switched off; production rules where left out. */
  readonly client?: Partial<Rules>
  readonly server?: Partial<ServerRules>
}

export interface RunResult {
  readonly plan: Plan
  /** What went wrong, the first finding first; empty when nothing did. */
  readonly wrong: readonly string[]
  readonly versions: number
  /** Virtual milliseconds. */
  readonly tookMs: number
}

/** Everything one run consists of. */
export interface ProtocolRun {
  readonly plan: Plan
  readonly world: VirtualTime
  readonly random: KeyedRandom
  readonly server: SimServer
  readonly authors: readonly Author[]
  readonly ledger: Ledger
  readonly wrong: string[]
}

/** How long a healed world may take to come to rest: reconnects back off to 30 seconds, content is checked every 5. */
const REST_MS = 240_000

/** A content that differs is found and put right within this, also when nobody types (R16). */
const DIVERGENCE_MS = 6_000

/**
 * One seed: real clients and the real server under a planned mix of faults, then the faults end, everybody comes to rest,
 * and every replica is held against an independent fold of the log, the ledger and the other checks. Same seed, same run.
 */
export async function runSeed(seed: number, options: RunOptions = {}): Promise<RunResult> {
  const run = await begin(planOf(seed), options)
  try {
    await disturb(run)
    await heal(run)
    judge(run)
  } catch (error) {
    run.wrong.push(`it threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }
  return { plan: run.plan, wrong: run.wrong, versions: run.server.data.log(DOCUMENT_KEY).records.length, tookMs: run.world.now }
}

async function begin(plan: Plan, options: RunOptions): Promise<ProtocolRun> {
  const world = new VirtualTime(plan.seed)
  const random = new KeyedRandom(plan.seed, 'run')
  const ledger = new Ledger()
  const wrong: string[] = []
  const server = new SimServer(world, new KeyedRandom(plan.seed, 'storage'), plan.limits, { ...SERVER_RULES, ...options.server }, plan.storageMs)
  server.start()
  await createDocument(server, plan)
  const outer = {
    world,
    ledger,
    fresh: new UniqueCharacters(),
    rules: { ...RULES, ...options.client },
    server: () => server,
    faults: plan.faults,
    suspect: (what: string) => void wrong.push(`${what} (at ${Math.round(world.now)} ms)`),
    acknowledged: (version: number, clientId: string) => {
      const mayBeLost = plan.troubles.includes('lose tail')
      if (!mayBeLost && server.data.log(DOCUMENT_KEY).records[version - 1]?.clientId !== clientId) wrong.push(`version ${version} was acknowledged to ${clientId} and is not in the log`)
    },
  }
  const authors = plan.authors.map((userId, index) => {
    const name = `${userId}/${index}`
    return new Author(name, userId, new Device(world, new KeyedRandom(plan.seed, `device ${name}`), plan.deviceMs), new KeyedRandom(plan.seed, name), outer)
  })
  for (const author of authors) author.start()
  return { plan, world, random, server, authors, ledger, wrong }
}

async function createDocument(server: SimServer, plan: Plan): Promise<void> {
  const documents = server.stores!.documents
  await documents.create(DOCUMENT_KEY, { title: 'Protocol', type: 'text', creator: 'root', at: 0 })
  for (const userId of new Set(plan.authors)) await documents.setGrant(DOCUMENT_KEY, { userId, role: 'editor' })
}

async function disturb(run: ProtocolRun): Promise<void> {
  const { plan, world, random, authors } = run
  await world.runUntil(world.now + 500)
  for (let step = 0; step < plan.steps; step += 1) {
    if (plan.troubles.length > 0 && random.chance(plan.density)) await trouble(run, random.pick(plan.troubles))
    else random.pick(authors).act()
    await world.runUntil(world.now + plan.stepMs * random.float() * 2)
  }
}

/** No more faults; everybody may do everything again. */
async function heal({ world, server, authors, wrong }: ProtocolRun): Promise<void> {
  server.start()
  await server.stores!.faults.unavailable('nothing')
  for (const author of authors) {
    await server.stores!.documents.setGrant(DOCUMENT_KEY, { userId: author.userId, role: 'editor' })
    server.server!.access.roleChanged(DOCUMENT_KEY, author.userId)
    author.link.faults = PERFECT
    author.link.restore()
    author.document?.goOnline()
  }
  const deadline = world.now + REST_MS
  while (world.now < deadline && !authors.every((author) => isAtRest(author, server))) await world.runUntil(world.now + 2_000)
  await world.runUntil(world.now + DIVERGENCE_MS)
  for (const author of authors) if (!isAtRest(author, server)) wrong.push(`${author.name} did not come to rest: ${restOf(author)}`)
}

function isAtRest({ document }: Author, server: SimServer): boolean {
  if (document === undefined) return false
  const { connection, pending, error } = document.status
  return error === undefined && connection === 'online' && pending === 0 && document.version === server.data.log(DOCUMENT_KEY).records.length
}

function restOf({ document }: Author): string {
  if (document === undefined) return 'the document never opened'
  const { connection, pending, error, version } = document.status
  return `${connection}, ${pending} edits pending, version ${version}${error === undefined ? '' : `, ended by ${error.reason}: ${error.message}`}`
}

function judge({ plan, server, authors, ledger, wrong }: ProtocolRun): void {
  const report = checkLog(server.data.log(DOCUMENT_KEY).records)
  wrong.push(...report.wrong)
  const truth = report.fold.render()
  for (const { name, document } of authors) {
    const shown = renderRuns(document?.content.runs() ?? [])
    if (shown !== truth) wrong.push(`${name} shows something else than the fold of the log:\n  shown ${shown}\n  fold  ${truth}`)
  }
  wrong.push(...ledger.judge(report.fold.text()))
  const unexpected: readonly CounterName[] = plan.troubles.includes('lose tail') ? ['seq_reused_total'] : ['seq_reused_total', 'history_forked_total']
  for (const metric of unexpected) {
    const count = server.counts.get(metric) ?? 0
    if (count > 0) wrong.push(`${metric} is ${count}`)
  }
}
