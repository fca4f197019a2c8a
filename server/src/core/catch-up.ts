import { composeAll, type Operation } from '@concord/ot'
import type { Ack, Change, Durability } from '@concord/protocol'
import type { DocumentKey } from '../ports/index.ts'
import type { SharedFrame } from './carrier.ts'
import type { CatchUpPlan } from './catch-up-plan.ts'
import type { ChangeWindow } from './change-window.ts'
import { readChanges } from './load-document.ts'
import type { Parts } from './parts.ts'
import type { Session } from './sequencer.ts'
import type { SnapshotFeed } from './snapshot-feed.ts'

/** A frame on its way to one reader. */
export interface DueFrame {
  readonly frame: SharedFrame
  /** About how many bytes it takes. */
  readonly size: number
  /** Version the reader has once it has the frame; undefined in the middle of a content. */
  readonly version: number | undefined
}

/** What a catch-up reads from. */
export interface CatchUpSource {
  readonly doc: DocumentKey
  readonly parts: Parts
  readonly window: ChangeWindow
  readonly durability: Durability
}

interface Step {
  readonly change: Change
  readonly seq: number
  readonly size: number
}

/**
 * The frames that bring a reader from its version into the window, in pages: the past is never in memory as a whole. Ends
 * as soon as what comes next is in the window. Throws StorageUnavailable, or Error when the log is damaged.
 */
export async function* catchUp(plan: CatchUpPlan, session: Session, source: CatchUpSource, feed?: SnapshotFeed): AsyncGenerator<DueFrame, void, undefined> {
  if (plan.resume === 'snapshot') {
    if (feed === undefined) throw new Error('a snapshot resume needs its content')
    yield* contentFrames(feed)
    yield* stepwise(feed.version, Number.POSITIVE_INFINITY, session, source)
    return
  }
  // What precedes a group is sent here even where the window has it: the reader's cursor only comes after the group.
  yield* stepwise(plan.from, plan.stepwiseUntil, session, source, plan.composedUntil > plan.stepwiseUntil)
  yield* composed(plan.stepwiseUntil, plan.composedUntil, session, source)
  yield* stepwise(Math.max(plan.stepwiseUntil, plan.composedUntil), Number.POSITIVE_INFINITY, session, source)
}

/** The frame of a change for one reader: an ack in the author's own slot (R1), with the committed form while catching up (R4). */
export function changeFrame(step: Step & { frame?: SharedFrame | undefined }, session: Session, source: Pick<CatchUpSource, 'parts' | 'durability'>): SharedFrame {
  const { change, seq } = step
  if (change.author.clientId !== session.clientId) return (step.frame ??= source.parts.codec.frame({ kind: 'change', change }))
  const { version, epoch, at, operation, hash } = change
  const isOlder = version <= session.openedHead
  const ack: Ack = { seq, version, epoch, at, durability: source.durability, ...(isOlder ? { operation } : {}), ...(hash === undefined ? {} : { hash }) }
  return source.parts.codec.frame({ kind: 'ack', ack })
}

function* contentFrames(feed: SnapshotFeed): Generator<DueFrame, void, undefined> {
  for (let index = 0; ; index++) {
    const part = feed.at(index)
    if (part === undefined) return
    const isLast = feed.isLast(index)
    yield { ...part, version: isLast ? feed.version : undefined }
  }
}

/** (from, to], one version at a time, or, without `all`, less when the window begins before. */
async function* stepwise(from: number, to: number, session: Session, source: CatchUpSource, all = false): AsyncGenerator<DueFrame, void, undefined> {
  for await (const steps of pages(from, to, source, all)) {
    for (const step of steps) yield { frame: changeFrame(step, session, source), size: step.size, version: step.change.version }
  }
}

/** (from, to] as composed groups; a group that would not fit a frame comes one version at a time. */
async function* composed(from: number, to: number, session: Session, source: CatchUpSource): AsyncGenerator<DueFrame, void, undefined> {
  const { limits, codec } = source.parts
  let group: Step[] = []
  for await (const steps of pages(from, to, source, true)) {
    group = group.concat(steps)
    const last = group.at(-1)
    if (last === undefined || (last.change.version < to && group.length < limits.composeOperations)) continue
    const operation = composeAll(group.map(({ change }) => change.operation))
    const size = sizeOf(operation)
    const { version, epoch, hash } = last.change
    const fromVersion = group[0]!.change.version - 1
    if (size <= limits.composeBytes) {
      yield { frame: codec.frame({ kind: 'composed', composed: { fromVersion, toVersion: version, epoch, operation, ...(hash === undefined ? {} : { hash }) } }), size, version }
    } else {
      for (const step of group) yield { frame: changeFrame(step, session, source), size: step.size, version: step.change.version }
    }
    group = []
  }
}

/**
 * Changes of (from, to] in pages: from the log as long as the window begins above, which it may do again while a page is on
 * its way; then, with `all`, from the window.
 */
async function* pages(from: number, to: number, source: CatchUpSource, all: boolean): AsyncGenerator<readonly Step[], void, undefined> {
  for (let after = from; after < to; ) {
    const isInWindow = after >= source.window.floor
    if (isInWindow && !all) return
    const steps = isInWindow ? windowPage(after, to, source) : await logPage(after, to, source)
    if (steps.length === 0) return
    yield steps
    after = steps.at(-1)!.change.version
  }
}

function windowPage(after: number, to: number, { window, parts }: CatchUpSource): readonly Step[] {
  const steps: Step[] = []
  const last = Math.min(to, after + parts.limits.pageOperations)
  for (let version = after + 1; version <= last; version++) {
    const entry = window.at(version)
    if (entry === undefined) break
    steps.push(entry)
  }
  return steps
}

async function logPage(after: number, to: number, { doc, parts, window }: CatchUpSource): Promise<readonly Step[]> {
  const steps: Step[] = []
  const problem = await readChanges(doc, after, Math.min(to, window.floor, after + parts.limits.pageOperations), parts, (change, record) => {
    steps.push({ change, seq: record.clientSeq, size: record.bytes.length })
    return undefined
  })
  if (problem !== undefined) throw new Error(problem)
  return steps
}

function sizeOf(operation: Operation): number {
  let size = 64 + operation.components.length * 4 + operation.text.length * 2 + operation.keys.length * 16
  for (const set of operation.attributes) size += 32 * set.length
  for (const { type, data } of operation.embeds) size += type.length + data.length
  return size
}
