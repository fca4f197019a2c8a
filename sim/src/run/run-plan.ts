import type { Rules } from '@concord/client/testing'
import { LIMITS } from '@concord/server/core/limits'
import type { ServerRules } from '@concord/server/core/rules'
import type { Actor } from '../actors/actor.ts'
import { BUGS } from '../bugs/bugs.ts'
import { serverCosts } from '../capacity/costs.ts'
import type { Checker, FinalState, Violation } from '../checkers/checker.ts'
import { CHECKERS } from '../checkers/checkers.ts'
import { Histories } from '../checkers/kit/history.ts'
import type { StorageBugs } from '../fakes/storage-bugs.ts'
import { guarded, type GuardLevel } from '../kernel/guard.ts'
import { TooManyEvents } from '../kernel/virtual-time.ts'
import type { MakeLink } from '../network/network.ts'
import { bytesLink } from '../network/bytes/bytes-link.ts'
import { Http2Level } from '../network/http2/http2-link.ts'
import { messageLink } from '../network/message/message-link.ts'
import type { CpuCosts } from '../node/sim-node.ts'
import { PERFECT } from '../plan/link-model.ts'
import type { Plan } from '../plan/plan.ts'
import { applyEvent } from './apply-event.ts'
import { finalState } from './final-state.ts'
import { unmetExpectations } from './unmet-expectations.ts'
import { faultWindows } from './fault-windows.ts'
import { ASSUMPTIONS } from './assumptions.ts'
import type { RunResult, Verdict } from './run-result.ts'
import { World } from './world.ts'

export interface RunOptions {
  /** Rules switched off beside the plan's bugs; production rules where left out. */
  readonly client?: Partial<Rules>
  readonly server?: Partial<ServerRules>
  readonly storageBugs?: StorageBugs
  /** Processor time per piece of work; the committed calibration when left out. */
  readonly costs?: CpuCosts
  /** Wall time in milliseconds, for the figures alone; without it they say 0. */
  readonly wall?: () => number
  /** Called now and then with virtual milliseconds done and planned. */
  readonly progress?: (doneMs: number, totalMs: number) => void
  /** Sees what the checkers see when everything is over. */
  readonly atEnd?: (end: FinalState) => void
  /** Ends the run as soon as a checker has found something: campaigns and shrinking need no more. */
  readonly stopAtViolation?: boolean
}

/** A healed world is asked this often whether it has come to rest, in virtual milliseconds. */
const ASK_MS = 2_000

/** A content that differs is found and put right within this, also when nobody types (R16). */
const DIVERGENCE_MS = 6_000

/** Events of the kernel above which a run is given up: something feeds itself. */
const MOST_EVENTS = 50_000_000

/**
 * Runs a plan: the real server and the real clients under virtual time, planned edits and faults, then the faults end,
 * everybody comes to rest, and every checker gives its verdict. Equal plans give equal results, hash included.
 */
export async function runPlan(plan: Plan, options: RunOptions = {}): Promise<RunResult> {
  const began = options.wall?.() ?? 0
  const run = new Run(plan, options)
  const verdict = await guarded(() => run.toTheEnd(), run.guardLevel).catch((error: unknown) => run.crashed(error))
  return run.result(verdict, (options.wall?.() ?? 0) - began)
}

/** Trace entries kept after the first violation. */
const AFTER_VIOLATION = 500

interface Outcome {
  readonly verdict: Verdict
  readonly because: string
}

class Run {
  readonly #plan: Plan
  readonly #options: RunOptions
  readonly #world: World
  readonly #level: ReturnType<typeof levelOf>
  readonly #violations: Violation[] = []
  readonly #checkers: readonly { readonly name: string; readonly promise: string; readonly checker: Checker }[]

  constructor(plan: Plan, options: RunOptions) {
    this.#plan = plan
    this.#options = options
    this.#level = levelOf(plan)
    const bugs = plan.bugs.map(bugNamed)
    this.#world = new World({
      plan,
      client: Object.assign({}, ...bugs.map(({ client }) => client), options.client),
      server: Object.assign({}, ...bugs.map(({ server }) => server), options.server),
      storageBugs: Object.assign({}, ...bugs.map(({ storage }) => storage), options.storageBugs),
      costs: options.costs ?? serverCosts(),
      makeLink: this.#level.link,
    })
    const histories = new Histories((document) => this.#world.storage.log(document))
    this.#checkers = CHECKERS.map(({ name, promise, make }) => ({ name, promise, checker: make({ ...this.#checkedRun(name), histories }) }))
    for (const { checker } of this.#checkers) this.#world.observers.add(checker.on)
  }

  get guardLevel(): GuardLevel {
    return this.#plan.level === 'http2' ? { kind: 'http2', runtime: this.#world.time.runtime('libraries') } : { kind: 'strict' }
  }

  async toTheEnd(): Promise<Outcome> {
    try {
      return await this.#outcome()
    } finally {
      await this.#level.release?.()
    }
  }

  async #outcome(): Promise<Outcome> {
    await this.#disturb()
    if (!this.#isOver) await this.#heal()
    if (!this.#isOver) this.#judge()
    const [first] = this.#violations
    if (first !== undefined) return { verdict: 'fail', because: `${first.checker}: ${first.message}` }
    return { verdict: 'pass', because: 'every promise was kept' }
  }

  crashed(error: unknown): Outcome {
    if (error instanceof TooManyEvents) return { verdict: 'unknown', because: `the run was given up: ${error.message}` }
    return { verdict: 'crashed', because: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }

  result({ verdict, because }: Outcome, wallMs: number): RunResult {
    const { time, trace, statistics, storage, owners, sometimes, cpu } = this.#world
    // Made when somebody looks: campaigns look at those of the few runs that fail.
    let lines: RunResult['trace'] | undefined
    let series: RunResult['series'] | undefined
    trace.note(time.now, 'plan', undefined, ['end', verdict, time.count], () => `the end: ${verdict}`)
    const versions = this.#plan.world.documents.reduce((sum, { id }) => sum + storage.log(id).length, 0)
    const { messages, acknowledged, reconnects } = statistics
    return {
      format: 1,
      plan: this.#plan,
      verdict,
      because,
      violations: this.#violations,
      checkers: this.#checkers.map(({ name, promise }) => ({ name, promise, violations: this.#violations.filter(({ checker }) => checker === name).length })),
      levels: this.#plan.expect.levels.map((level) => statistics.outcome(level)),
      hash: trace.hash(),
      figures: { virtualMs: time.now, wallMs, events: time.count, messages, versions, acknowledged, reconnects },
      sometimes: sometimes.counts(),
      overall: statistics.overall(),
      get series() {
        return (series ??= statistics.series(cpu?.series() ?? {}))
      },
      faults: faultWindows(this.#plan, this.#world.healedAt ?? time.now),
      owners: owners.spans(),
      get trace() {
        return (lines ??= trace.lines())
      },
      assumptions: ASSUMPTIONS[this.#plan.level],
      skipped: [],
    }
  }

  get #isOver(): boolean {
    return this.#options.stopAtViolation === true && this.#violations.length > 0
  }

  async #disturb(): Promise<void> {
    const world = this.#world
    world.begin()
    for (const event of this.#plan.events) {
      if (event.at >= this.#plan.endMs) break
      if (event.at > world.time.now) await this.#until(event.at)
      if (this.#isOver) return
      applyEvent(world, event)
    }
    await this.#until(this.#plan.endMs)
  }

  /** No more faults; everybody may go on. */
  async #heal(): Promise<void> {
    const world = this.#world
    world.healedAt = world.time.now
    world.trace.note(world.time.now, 'plan', undefined, ['heal'], () => 'all faults end')
    world.partitions.healAll()
    world.storage.heal()
    this.#oneNode()
    for (const actor of world.actors.values()) {
      actor.link?.use(PERFECT)
      actor.heal()
    }
    const deadline = world.time.now + this.#plan.healMs
    // Clients hear of what happened to their connections only after a while, and look as if they were at rest.
    await this.#until(world.time.now + ASK_MS)
    await this.#rest(deadline)
    await this.#until(world.time.now + this.#divergenceMs)
    await this.#rest(deadline)
  }

  /** A copy that went bad while nothing changed is found by the next mark of an idle document. */
  get #divergenceMs(): number {
    const { events, world } = this.#plan
    const idleMarkMs = world.limits.idleMarkMs ?? LIMITS.idleMarkMs.default
    return DIVERGENCE_MS + (events.some(({ kind }) => kind === 'corrupt') ? idleMarkMs : 0)
  }

  async #rest(deadline: number): Promise<void> {
    const { time } = this.#world
    while (time.now < deadline && !this.#atRest() && !this.#isOver) await this.#until(Math.min(deadline, time.now + ASK_MS))
  }

  /** Until relays exist a document has one node: in the end the first, and the others hand their clients over. */
  #oneNode(): void {
    const { nodes } = this.#world
    for (const [index, name] of [...nodes.keys()].entries()) {
      const node = this.#world.node(name)
      if (node.process.state === 'paused') this.#world.resume(name)
      node.slow(1)
      if (index > 0 || !node.isReady) this.#world.kill(name)
      if (index === 0) node.start()
    }
  }

  #judge(): void {
    const { statistics, sometimes } = this.#world
    const end = finalState(this.#world)
    for (const { checker } of this.#checkers) checker.finish?.(end)
    for (const { checker, message } of unmetExpectations(this.#plan.expect, statistics, sometimes)) this.#violated(checker, message)
    this.#options.atEnd?.(end)
  }

  #atRest(): boolean {
    for (const actor of this.#world.actors.values()) if (actor.isExpected && !this.#isAtRest(actor)) return false
    return true
  }

  #isAtRest({ atRest, document, planned }: Actor): boolean {
    return atRest && document !== undefined && document.version === this.#world.storage.log(planned.document).length
  }

  async #until(ms: number): Promise<void> {
    const { time } = this.#world
    await time.runUntil(ms, MOST_EVENTS)
    this.#options.progress?.(time.now, this.#plan.endMs + this.#plan.healMs)
  }

  #checkedRun(checker: string) {
    const { time, storage } = this.#world
    return {
      plan: this.#plan,
      now: () => time.now,
      log: (document: string) => storage.log(document),
      violated: (message: string) => this.#violated(checker, message),
    }
  }

  #violated(checker: string, message: string): void {
    const { time, trace } = this.#world
    this.#violations.push({ checker, message, at: time.now, seq: trace.seq })
    trace.note(time.now, 'plan', undefined, ['violation', checker], () => `VIOLATION of "${checker}": ${message}`)
    trace.keepThis(AFTER_VIOLATION)
  }
}

function bugNamed(name: string) {
  const bug = BUGS.get(name)
  if (bug === undefined) throw new RangeError(`no planted bug is called "${name}": choose from ${[...BUGS.keys()].join(', ')}`)
  return bug
}

/** What a level brings: links, and what is left to do inside the guard when the run is over. */
function levelOf({ level }: Plan): { readonly link: MakeLink; release?(): Promise<void> } {
  switch (level) {
    case 'message':
      return { link: messageLink }
    case 'bytes':
      return { link: bytesLink }
    case 'http2':
      return new Http2Level()
    case 'live':
      throw new RangeError('a live run needs a deployment: use `concord sim run --live`')
  }
}
