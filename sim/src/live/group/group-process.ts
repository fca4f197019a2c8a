import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Replica } from '../../checkers/checker.ts'
import type { Expected, Group, GroupFindings, GroupParts } from './live-group.ts'
import { type PlainReplica, replicaOf } from './plain-replica.ts'
import type { Recorded } from '../judge/recording.ts'

const MAIN = fileURLToPath(new URL('./group-main.ts', import.meta.url))

export type Order =
  | { readonly kind: 'open'; readonly parts: GroupParts }
  | { readonly kind: 'begin'; readonly beganAt: number }
  | { readonly kind: 'expect'; readonly document: string; readonly user: string | undefined; readonly what: readonly Expected[] }
  | { readonly kind: 'heal' | 'unrest' | 'findings' | 'close' }

export type Answer =
  | { readonly kind: 'done' }
  | { readonly kind: 'unrest'; readonly why: string | undefined }
  /** A part of what was found; `latestMs` stands in the last. */
  | { readonly kind: 'found'; readonly entries: readonly Recorded[]; readonly replicas: readonly PlainReplica[]; readonly latestMs?: number }
  | { readonly kind: 'failed'; readonly why: string }

/** A group of actors in a process of its own. */
export class GroupProcess implements Group {
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>
  /** Answers that nobody waited for yet, and who waits. */
  readonly #answers: Answer[] = []
  #waiting: ((answer: Answer) => void) | undefined

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#exited = once(child, 'exit').then(() => this.#heard({ kind: 'failed', why: 'its process ended' }))
    child.on('message', (message) => this.#heard(message as Answer))
  }

  static async open(parts: GroupParts): Promise<GroupProcess> {
    const child = fork(MAIN, [], { execArgv: ['--conditions=source', '--max-old-space-size=3000'], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const group = new GroupProcess(child)
    await group.#ask({ kind: 'open', parts })
    return group
  }

  async begin(beganAt: number): Promise<void> {
    await this.#ask({ kind: 'begin', beganAt })
  }

  async expect(document: string, user: string | undefined, what: readonly Expected[]): Promise<void> {
    await this.#ask({ kind: 'expect', document, user, what })
  }

  async heal(): Promise<void> {
    await this.#ask({ kind: 'heal' })
  }

  async unrest(): Promise<string | undefined> {
    const answer = await this.#ask({ kind: 'unrest' })
    return answer.kind === 'unrest' ? answer.why : undefined
  }

  async findings(): Promise<GroupFindings> {
    const entries: Recorded[] = []
    const replicas: Replica[] = []
    for (let answer = await this.#ask({ kind: 'findings' }); answer.kind === 'found'; answer = await this.#next()) {
      for (const entry of answer.entries) entries.push(entry)
      for (const replica of answer.replicas) replicas.push(replicaOf(replica))
      if (answer.latestMs !== undefined) return { entries, replicas, latestMs: answer.latestMs }
    }
    throw new Error('a group of actors did not tell what it found')
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.connected) this.#child.send({ kind: 'close' } satisfies Order)
    await this.#exited
  }

  killNow(): void {
    this.#child.kill('SIGKILL')
  }

  async #ask(order: Order): Promise<Answer> {
    this.#child.send(order)
    return this.#next()
  }

  async #next(): Promise<Answer> {
    const answer = this.#answers.shift() ?? (await new Promise<Answer>((resolve) => void (this.#waiting = resolve)))
    if (answer.kind === 'failed') throw new Error(`a group of actors failed: ${answer.why}`)
    return answer
  }

  #heard(answer: Answer): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting === undefined) this.#answers.push(answer)
    else waiting(answer)
  }
}
