import { KeyedRandom } from '../kernel/keyed-random.ts'
import type { CampaignOptions, CampaignState, Finding, FoundResult } from './campaign-state.ts'
import type { CampaignWorker, SeedJob, SeedOutcome, WorkerAnswer } from './seed-job.ts'
import { SeedSet } from './seed-set.ts'
import { type CampaignTotals, NO_TOTALS, withSeed } from './totals.ts'

export interface CampaignPorts {
  /** Workers at once. */
  readonly lanes: number
  start(lane: number): CampaignWorker
  /** Milliseconds of a monotonic clock. */
  now(): number
  /** Keeps a result. Returns its file. */
  keep(found: FoundResult): Promise<string | undefined>
  /** Keeps the state, so that the campaign can be resumed from it. */
  save(state: CampaignState): Promise<void>
  progress?(progress: CampaignProgress): void
  /** Aborted: ends at once; running seeds are not done. */
  readonly signal?: AbortSignal
}

export interface CampaignProgress {
  readonly done: number
  readonly total: number
  readonly findings: number
  readonly seedsPerSecond: number
}

/** A seed whose first run passed and that has to run again. */
interface Repeat {
  readonly job: SeedJob
  readonly outcome: SeedOutcome
  readonly lane: number
}

const SAVE_EVERY_MS = 5_000
/** A lane waits with repeats of its own seeds for another lane to take them, up to so many. */
const OWN_REPEATS = 20

/**
 * Runs seeds of scenarios on workers, some of them twice. A worker that dies or hangs is a finding, and another one takes
 * its place. Resumes from `before`, which must have the same options.
 */
export async function runCampaign(options: CampaignOptions, build: { readonly commit: string; readonly node: string }, ports: CampaignPorts, before?: CampaignState): Promise<CampaignState> {
  const campaign = new Campaign(options, build, ports, before)
  await Promise.all(Array.from({ length: ports.lanes }, (_, lane) => campaign.work(lane)))
  return campaign.end()
}

class Campaign {
  readonly #options: CampaignOptions
  readonly #build: { readonly commit: string; readonly node: string }
  readonly #ports: CampaignPorts
  readonly #began: number
  readonly #tookMs: number
  readonly #doneBefore: number
  readonly #done: ReadonlyMap<string, SeedSet>
  readonly #jobs: Iterator<SeedJob>
  readonly #repeats: Repeat[] = []
  readonly #findings: Finding[]
  #totals: CampaignTotals
  #savedAt: number

  constructor(options: CampaignOptions, build: { readonly commit: string; readonly node: string }, ports: CampaignPorts, before?: CampaignState) {
    this.#options = options
    this.#build = build
    this.#ports = ports
    this.#began = ports.now()
    this.#savedAt = this.#began
    this.#tookMs = before?.tookMs ?? 0
    this.#totals = before?.totals ?? NO_TOTALS
    this.#doneBefore = this.#totals.seeds
    this.#findings = [...(before?.findings ?? [])]
    this.#done = new Map(options.scenarios.map((name) => [name, new SeedSet(before?.done[name] ?? { next: options.from, ahead: [] })]))
    this.#jobs = this.#seeds()
  }

  /** One lane: a worker after the other, a seed after the other. */
  async work(lane: number): Promise<void> {
    let worker: CampaignWorker | undefined
    const stop = (): void => worker?.stop()
    this.#ports.signal?.addEventListener('abort', stop)
    for (let job = this.#next(lane); job !== undefined; job = this.#next(lane)) {
      worker ??= this.#ports.start(lane)
      const answer = await worker.run(job.job)
      if (this.#isAborted) break
      if (answer.kind !== 'done' || answer.isTired) {
        worker.stop()
        worker = undefined
      }
      await this.#heard(job, answer, lane)
    }
    worker?.stop()
    this.#ports.signal?.removeEventListener('abort', stop)
  }

  async end(): Promise<CampaignState> {
    const state = this.#state(this.#isAborted ? 'interrupted' : this.#isFull && this.#totals.seeds < this.#total ? 'stopped' : 'complete')
    await this.#ports.save(state)
    return state
  }

  get #isAborted(): boolean {
    return this.#ports.signal?.aborted === true
  }

  get #isFull(): boolean {
    return this.#findings.length >= this.#options.stopAfter
  }

  get #total(): number {
    return this.#options.scenarios.length * (this.#options.to - this.#options.from + 1)
  }

  *#seeds(): Generator<SeedJob> {
    const { scenarios, from, to, level, bugs } = this.#options
    for (let seed = from; seed <= to; seed += 1) {
      for (const scenario of scenarios) {
        if (!this.#done.get(scenario)!.has(seed)) yield { scenario, seed, bugs, ...(level === undefined ? {} : { level }) }
      }
    }
  }

  /** A repeat of another lane's seed first: two processes agree on more than one with itself. The lane's own ones last. */
  #next(lane: number): { readonly job: SeedJob; readonly first?: SeedOutcome } | undefined {
    if (this.#isAborted || this.#isFull) return undefined
    const foreign = this.#repeats.findIndex((repeat) => repeat.lane !== lane)
    if (foreign < 0 && this.#repeats.length < OWN_REPEATS) {
      const fresh = this.#jobs.next()
      if (fresh.done !== true) return { job: fresh.value }
    }
    const [repeat] = this.#repeats.splice(Math.max(0, foreign), 1)
    return repeat === undefined ? undefined : { job: { ...repeat.job, hash: repeat.outcome.hash }, first: repeat.outcome }
  }

  async #heard({ job, first }: { readonly job: SeedJob; readonly first?: SeedOutcome }, answer: WorkerAnswer, lane: number): Promise<void> {
    const found = findingOf(job, answer)
    const outcome = first ?? (answer.kind === 'done' ? answer.outcome : undefined)
    if (found === undefined && first === undefined && outcome !== undefined && this.#isRepeated(job)) return void this.#repeats.push({ job, outcome, lane })
    if (found !== undefined) await this.#keep(found)
    this.#totals = withSeed(this.#totals, outcome, first !== undefined)
    this.#done.get(job.scenario)?.add(job.seed)
    this.#tell()
    if (this.#ports.now() - this.#savedAt < SAVE_EVERY_MS) return
    this.#savedAt = this.#ports.now()
    await this.#ports.save(this.#state('running'))
  }

  async #keep(found: FoundResult): Promise<void> {
    const file = await this.#ports.keep(found)
    this.#findings.push(file === undefined ? found.finding : { ...found.finding, file })
  }

  /** The first seed always, so that no campaign is too short to notice; the others by chance, the same ones every time. */
  #isRepeated({ scenario, seed }: SeedJob): boolean {
    const { repeat, from } = this.#options
    return repeat > 0 && (seed === from || new KeyedRandom(seed, `again ${scenario}`).chance(repeat))
  }

  #tell(): void {
    const seconds = Math.max(0.001, (this.#ports.now() - this.#began) / 1_000)
    this.#ports.progress?.({ done: this.#totals.seeds, total: this.#total, findings: this.#findings.length, seedsPerSecond: (this.#totals.seeds - this.#doneBefore) / seconds })
  }

  #state(ended: CampaignState['ended']): CampaignState {
    const tookMs = Math.round(this.#tookMs + this.#ports.now() - this.#began)
    const done = Object.fromEntries([...this.#done].map(([name, set]) => [name, set.state]))
    return { format: 1, options: this.#options, ...this.#build, ended, tookMs, totals: this.#totals, findings: this.#findings, done }
  }
}

function findingOf(job: SeedJob, answer: WorkerAnswer): FoundResult | undefined {
  const { scenario, seed, hash } = job
  switch (answer.kind) {
    case 'died':
      return { finding: { scenario, seed, verdict: 'crashed', because: `the process ended: ${answer.why}` }, result: undefined }
    case 'hung':
      return { finding: { scenario, seed, verdict: 'unknown', because: `the seed did not end within ${answer.afterMs} ms and was stopped` }, result: undefined }
    case 'done': {
      const { outcome } = answer
      const because = outcome.failures.length > 1 ? `${outcome.because} (and ${outcome.failures.length - 1} more)` : outcome.because
      if (hash !== undefined && hash !== outcome.hash) {
        return { finding: { scenario, seed, verdict: 'differs', because: `run twice, hashes ${hash} and ${outcome.hash}: something in it is not drawn from the seed` }, result: outcome.result }
      }
      return outcome.verdict === 'pass' ? undefined : { finding: { scenario, seed, verdict: outcome.verdict, because }, result: outcome.result }
    }
  }
}
