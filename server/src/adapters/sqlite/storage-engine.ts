import { StorageUnavailable } from '../../ports/index.ts'
import { ByteReader } from './byte-reader.ts'
import type { DataFolder } from './data-folder.ts'
import { DocumentTables } from './document-tables.ts'
import { GroupCommit } from './group-commit.ts'
import type { Write, WriteResult } from './group-commit.ts'
import { OUTCOMES } from './messages.ts'
import type { Answer, Args, CallKind, FromWorker, Inspection, Result, ToWorker, WaitingCall } from './messages.ts'
import { OpLogTables } from './op-log-tables.ts'
import { readAppend } from './packed-append.ts'
import { readPragmas } from './pragmas.ts'
import { SnapshotTables } from './snapshot-tables.ts'
import { toFailure } from './sqlite-error.ts'

type Answers = Extract<FromWorker, { kind: 'answers' }>

/** How a call is served. `prepare` runs once and gives what may run twice: the write itself. */
type Handler<Kind extends CallKind> =
  | { readonly mode: 'read'; run(args: Args<Kind>): Result<Kind> }
  | { readonly mode: 'write'; prepare(args: Args<Kind>): () => Result<Kind> }

type Handlers = { readonly [Kind in CallKind]: Handler<Kind> }

interface Group {
  readonly ids: number[]
  readonly writes: Write[]
  readonly reads: WaitingCall[]
  readonly answers: Answer[]
}

/** Serves groups of messages against one database. Reads come after the commit, so that nobody sees what may be rolled back. */
export class StorageEngine {
  closed = false
  readonly #folder: DataFolder
  readonly #log: OpLogTables
  readonly #commit: GroupCommit
  readonly #handlers: Handlers

  constructor(folder: DataFolder, onHealth: (writable: boolean, cause: string) => void) {
    this.#folder = folder
    this.#log = new OpLogTables(folder.database)
    this.#commit = new GroupCommit(folder.database, () => this.#log.forget(), onHealth)
    this.#handlers = this.#makeHandlers()
  }

  handle(messages: readonly ToWorker[]): { answers: Answers; transfer: ArrayBuffer[] } {
    const group: Group = { ids: [], writes: [], reads: [], answers: [] }
    for (const message of messages) this.#gather(message, group)
    const appends: number[] = []
    for (const [index, result] of this.#commit.run(group.writes).entries()) settle(group, index, result, appends)
    const transfer: ArrayBuffer[] = []
    for (const call of group.reads) group.answers.push(this.#read(call, transfer))
    return { answers: { kind: 'answers', messages: messages.length, appends, answers: group.answers }, transfer }
  }

  #gather(message: ToWorker, group: Group): void {
    const reader = message.appends === undefined ? undefined : new ByteReader(message.appends)
    while (reader !== undefined && !reader.done) {
      const append = readAppend(reader)
      group.ids.push(append.id)
      group.writes.push({ isAppend: true, perform: () => this.#log.append(append) })
    }
    for (const call of message.calls) {
      const handler = this.#handlers[call.kind] as Handler<CallKind>
      if (handler.mode === 'read') group.reads.push(call)
      else this.#prepare(call, handler, group)
    }
  }

  #prepare(call: WaitingCall, handler: Extract<Handler<CallKind>, { mode: 'write' }>, group: Group): void {
    try {
      group.writes.push({ isAppend: false, perform: handler.prepare(call.args as never) })
      group.ids.push(call.id)
    } catch (error) {
      group.answers.push({ id: call.id, failure: toFailure(error) })
    }
  }

  #read(call: WaitingCall, transfer: ArrayBuffer[]): Answer {
    try {
      if (this.closed) throw new StorageUnavailable('The store is closed')
      const handler = this.#handlers[call.kind] as Extract<Handler<CallKind>, { mode: 'read' }>
      const value = handler.run(call.args as never)
      transfer.push(...buffersOf(value))
      return { id: call.id, value }
    } catch (error) {
      return { id: call.id, failure: toFailure(error) }
    }
  }

  #makeHandlers(): Handlers {
    const log = this.#log
    const documents = new DocumentTables(this.#folder.database)
    const snapshots = new SnapshotTables(this.#folder.database)
    const readable = <Kind extends CallKind>(run: (args: Args<Kind>) => Result<Kind>): Handler<Kind> => ({
      mode: 'read',
      run: (args) => {
        this.#commit.checkReadable()
        return run(args)
      },
    })
    const control = <Kind extends CallKind>(run: (args: Args<Kind>) => Result<Kind>): Handler<Kind> => ({ mode: 'read', run })
    const write = <Kind extends CallKind>(run: (args: Args<Kind>) => Result<Kind>): Handler<Kind> => ({ mode: 'write', prepare: (args) => () => run(args) })
    return {
      claim: write(({ doc, owner }) => log.claim(doc, owner)),
      head: readable(({ doc }) => log.head(doc)),
      epochStarts: readable(({ doc }) => log.epochStarts(doc)),
      read: readable(({ doc, after, maxRecords, maxBytes }) => log.read(doc, after, maxRecords, maxBytes)),
      putSlice: {
        mode: 'write',
        prepare: (slice) => {
          const prepared = snapshots.prepare(slice)
          return () => snapshots.write(prepared)
        },
      },
      getSlice: readable(({ reading, doc, atMost }) => snapshots.get(reading, doc, atMost)),
      forget: control(({ transfer }) => snapshots.forget(transfer)),
      prune: write(({ doc, keep }) => snapshots.prune(doc, keep)),
      create: write((args) => documents.create(...args)),
      get: readable((args) => documents.get(...args)),
      list: readable((args) => documents.list(...args)),
      update: write((args) => documents.update(...args)),
      delete: write((args) => documents.delete(...args)),
      touch: write((args) => documents.touch(...args)),
      role: readable((args) => documents.role(...args)),
      grants: readable((args) => documents.grants(...args)),
      setGrant: write((args) => documents.setGrant(...args)),
      deleteGrant: write((args) => documents.deleteGrant(...args)),
      fault: control((fault) => this.#commit.fault(fault)),
      inspect: control(() => ({ ...this.#inspect(), transfers: snapshots.transfers })),
      limitPages: control(({ spare }) => this.#limitPages(spare)),
      close: control(() => this.#close()),
    }
  }

  #inspect(): Omit<Inspection, 'transfers'> {
    const { commits, appends } = this.#commit
    return { pragmas: readPragmas(this.#folder.database), commits, appends, format: this.#folder.format }
  }

  /** A full disk of a chosen size: SQLite refuses to grow beyond `spare` more pages. */
  #limitPages(spare: number | undefined): undefined {
    const { database } = this.#folder
    const pages = database.prepare('PRAGMA page_count').get()!['page_count'] as number
    database.exec(`PRAGMA max_page_count = ${spare === undefined ? 4_294_967_294 : pages + spare}`)
  }

  #close(): undefined {
    this.closed = true
    this.#folder.database.close()
  }
}

function settle(group: Group, index: number, result: WriteResult, appends: number[]): void {
  const id = group.ids[index]!
  const { isAppend } = group.writes[index]!
  switch (result.kind) {
    case 'failed':
      group.answers.push({ id, failure: toFailure(result.error) })
      break
    case 'unknown':
      appends.push(id, OUTCOMES.indexOf('unknown'))
      break
    case 'done':
      if (isAppend) appends.push(id, OUTCOMES.indexOf(result.value as 'committed' | 'fenced'))
      else group.answers.push({ id, value: result.value })
      break
  }
}

/** Packed values go over without a copy. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null) return []
  if ('buffer' in value && value.buffer instanceof ArrayBuffer) return [value.buffer]
  return 'chunks' in value ? buffersOf(value.chunks) : []
}
