import { equals } from '@concord/ot'
import type { Ack, Change, Composed, ServerFrame, SnapshotChunk } from '@concord/protocol'
import { PerActor } from '../kit/per-actor.ts'
import { checkerKind, type CheckerRun } from '../kit/checker-kind.ts'
import { Fold } from '../kit/fold.ts'
import { FoldedLog, type History } from '../kit/history.ts'
import { unitsOf } from '../session/stream-slots.ts'

/** Units that a run may spend on folding what frames contain; a herd's contents are looked at until then. */
const BUDGET = 20_000_000

/** What was found right lately, kept so that the same frame object to thousands of readers costs one comparison. */
interface Known {
  readonly history: History
  /** The last change of each version found right. */
  readonly changes: (Change | undefined)[]
  readonly pieces: Set<SnapshotChunk>
  /** Behind the head: contents are older than what is committed meanwhile. */
  readonly past: FoldedLog
}

/** A version has one content, whoever reads it and however it is packed. */
export const oneContent = checkerKind('one content', 'Whatever carries a version, a change, an ack, a composed group or a content, says the same as the log.', (run) => {
  const documents = new Map<string, Known>()
  const knownOf = (document: string): Known => {
    const history = run.histories.of(document)
    const known = documents.get(document) ?? { history, changes: [], pieces: new Set(), past: new FoldedLog(history) }
    documents.set(document, known)
    return known
  }
  const readers = new PerActor(run.plan, ({ document }) => knownOf(document))
  const comparison = new Comparison(run)
  return {
    on: {
      received: ({ actor, frame }) => {
        const known = readers.get(actor)
        if (known !== undefined) comparison.look(known, frame)
      },
    },
  }
})

class Comparison {
  readonly #run: CheckerRun
  #spent = 0

  constructor(run: CheckerRun) {
    this.#run = run
  }

  look(known: Known, frame: ServerFrame): void {
    switch (frame.kind) {
      case 'change':
        if (known.changes[frame.change.version] !== frame.change) this.#change(known, frame.change)
        return
      case 'ack':
        return this.#ack(known, frame.ack)
      case 'composed':
        return this.#composed(known, frame.composed)
      case 'snapshot':
        if (!known.pieces.has(frame.snapshot)) this.#content(known, frame.snapshot)
        return
      default:
        return
    }
  }

  #change(known: Known, change: Change): void {
    const row = this.#row(known, change.version, change.epoch)
    if (row === undefined) return
    const { author, at, operation } = change
    const isSame = row.epoch === change.epoch && row.at === at && row.author.clientId === author.clientId && row.author.userId === author.userId && row.author.userOrdinal === author.userOrdinal
    if (isSame && equals(row.operation, operation)) known.changes[change.version] = change
    else this.#run.violated('a change says something else than the log at its version')
  }

  #ack(known: Known, { version, epoch, at, operation }: Ack): void {
    const row = this.#row(known, version, epoch)
    if (row === undefined) return
    const isSame = row.epoch === epoch && row.at === at && (operation === undefined || equals(row.operation, operation))
    if (!isSame) this.#run.violated('an ack says something else than the log at its version')
  }

  /** Both ways are gone on a document of which only the length is known: what they do to it must be the same. */
  #composed(known: Known, { fromVersion, toVersion, epoch, operation }: Composed): void {
    const { history } = known
    if (this.#row(known, toVersion, epoch) === undefined || toVersion > history.head || !this.#affords(operation.baseLength + 64 * (toVersion - fromVersion))) return
    const [stepwise, atOnce] = [Fold.unknown(operation.baseLength), Fold.unknown(operation.baseLength)]
    try {
      for (let version = fromVersion + 1; version <= toVersion; version += 1) {
        const row = history.change(version)
        if (row !== undefined) stepwise.apply(row.operation)
      }
      atOnce.apply(operation)
    } catch {
      return this.#run.violated('a composed group does not fit its versions')
    }
    if (stepwise.render() !== atOnce.render()) this.#run.violated('a composed group does something else than its versions')
  }

  #content({ history, past, pieces }: Known, chunk: SnapshotChunk): void {
    const { version, offset, total, content } = chunk
    const units = unitsOf(content)
    if (version > history.head || !this.#affords(total + units)) return
    const whole = past.at(version)
    const piece = new Fold()
    piece.apply(content)
    const isRight = typeof whole !== 'string' && whole.length === total && whole.render(offset, offset + units) === piece.render()
    if (isRight) pieces.add(chunk)
    else if (!this.#run.plan.expect.mayLoseTail) this.#run.violated('a content says something else than the log at its version')
  }

  /** The row to compare with; none where the log does not have it, which is another checker's business. */
  #row({ history }: Known, version: number, epoch: number): Change | undefined {
    const row = history.change(version)
    // What was written before the tail was lost may still be on its way.
    return row !== undefined && row.epoch !== epoch && this.#run.plan.expect.mayLoseTail ? undefined : row
  }

  #affords(units: number): boolean {
    this.#spent += units
    return this.#spent <= BUDGET
  }
}
