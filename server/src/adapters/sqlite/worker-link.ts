import { Worker } from 'node:worker_threads'
import type { Timers } from '@concord/runtime'
import type { AppendOutcome, DocumentKey, LogRecord } from '../../ports/index.ts'
import { StorageUnavailable } from '../../ports/index.ts'
import { ByteWriter } from './byte-writer.ts'
import { DataFolderRefused } from './data-folder.ts'
import { OUTCOMES } from './messages.ts'
import type { Args, CallKind, FromWorker, Result, ToWorker, WaitingCall } from './messages.ts'
import { writeAppend } from './packed-append.ts'
import { fromFailure, messageOf } from './sqlite-error.ts'

/** Messages the thread may have and not yet answered: one it commits, one that fills while it does. */
const MAX_MESSAGES = 2
/** Bytes of appends in one message; what is beyond waits for the next. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024

interface Pending {
  readonly isAppend: boolean
  resolve(value: unknown): void
  reject(error: Error): void
}

interface Draft {
  appends: ByteWriter | undefined
  readonly calls: WaitingCall[]
  readonly transfer: ArrayBuffer[]
}

export interface LinkOptions {
  readonly directory: string
  readonly timers: Pick<Timers, 'soon'>
  readonly onHealth: (writable: boolean, cause: string) => void
}

/** The server's end of the storage thread. What arrives in one turn, or while the thread is busy, goes over in one message. */
export class WorkerLink {
  readonly #worker: Worker
  readonly #timers: Pick<Timers, 'soon'>
  readonly #pending = new Map<number, Pending>()
  readonly #drafts: Draft[] = []
  #lastId = 0
  #underway = 0
  #scheduled = false
  /** Why nothing more can be asked. */
  #ended: string | undefined

  private constructor(worker: Worker, timers: Pick<Timers, 'soon'>) {
    this.#worker = worker
    this.#timers = timers
  }

  /** @throws {DataFolderRefused} */
  static async start({ directory, timers, onHealth }: LinkOptions): Promise<WorkerLink> {
    const source = new URL(import.meta.url.endsWith('.ts') ? './storage-thread.ts' : './storage-thread.js', import.meta.url)
    const worker = new Worker(source, { workerData: { directory } })
    const link = new WorkerLink(worker, timers)
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        switch (message.kind) {
          case 'ready':
            return resolve()
          case 'refused':
            return reject(new DataFolderRefused(message.message))
          case 'health':
            return onHealth(message.writable, message.cause)
          case 'answers':
            return link.#settle(message)
        }
      })
      const end = (error: Error): void => {
        if (link.#ended === undefined) onHealth(false, error.message)
        link.#end(error.message)
        reject(error)
      }
      worker.on('error', (error) => end(new Error(`The storage thread failed: ${messageOf(error)}`)))
      worker.on('exit', () => end(new Error('The storage thread has ended; restart the server')))
    })
    return link
  }

  append(doc: DocumentKey, epoch: number, expectedHead: number, records: readonly LogRecord[]): Promise<AppendOutcome> {
    return this.#ask(true, (id) => {
      const draft = this.#draft()
      draft.appends ??= new ByteWriter(16_384)
      writeAppend(draft.appends, id, doc, epoch, expectedHead, records)
    }) as Promise<AppendOutcome>
  }

  /** @param transfer buffers inside `args` that the caller gives away */
  call<Kind extends CallKind>(kind: Kind, args: Args<Kind>, transfer: readonly ArrayBuffer[] = []): Promise<Result<Kind>> {
    return this.#ask(false, (id) => {
      const draft = this.#draft()
      draft.calls.push({ id, kind, args } as WaitingCall)
      draft.transfer.push(...transfer)
    }) as Promise<Result<Kind>>
  }

  /** A number that names a transfer in several slices. */
  nextTransfer(): number {
    this.#lastId += 1
    return this.#lastId
  }

  /** Everything asked before is answered first. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return
    const exited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()))
    const closed = this.call('close', undefined)
    this.#ended = 'The store is closed'
    await closed
    await exited
  }

  #ask(isAppend: boolean, put: (id: number) => void): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(new StorageUnavailable(this.#ended))
    return new Promise((resolve, reject) => {
      this.#lastId += 1
      this.#pending.set(this.#lastId, { isAppend, resolve, reject })
      put(this.#lastId)
      if (this.#scheduled || this.#underway >= MAX_MESSAGES) return
      this.#scheduled = true
      this.#timers.soon(() => {
        this.#scheduled = false
        this.#send()
      })
    })
  }

  #draft(): Draft {
    const last = this.#drafts.at(-1)
    if (last !== undefined && (last.appends?.length ?? 0) < MAX_MESSAGE_BYTES) return last
    const draft = { appends: undefined, calls: [], transfer: [] }
    this.#drafts.push(draft)
    return draft
  }

  #send(): void {
    while (this.#underway < MAX_MESSAGES) {
      const draft = this.#drafts.shift()
      if (draft === undefined) return
      const { calls, transfer } = draft
      const appends = draft.appends?.finish()
      const message: ToWorker = appends === undefined ? { calls } : { calls, appends }
      this.#underway += 1
      this.#worker.postMessage(message, appends === undefined ? transfer : [...transfer, appends.buffer])
    }
  }

  #settle({ messages, appends, answers }: Extract<FromWorker, { kind: 'answers' }>): void {
    this.#underway -= messages
    // Before the callers learn their outcomes, so that the thread has work meanwhile.
    this.#send()
    for (let at = 0; at < appends.length; at += 2) this.#take(appends[at]!)?.resolve(OUTCOMES[appends[at + 1]!])
    for (const answer of answers) {
      const pending = this.#take(answer.id)
      if ('failure' in answer) pending?.reject(fromFailure(answer.failure))
      else pending?.resolve(answer.value)
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  /** The thread is gone: an append that it had may have been committed. */
  #end(reason: string): void {
    this.#ended ??= reason
    for (const pending of this.#pending.values()) {
      if (pending.isAppend) pending.resolve('unknown')
      else pending.reject(new StorageUnavailable(reason))
    }
    this.#pending.clear()
  }
}
