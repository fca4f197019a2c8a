import { create } from '@bufbuild/protobuf'
import { type LoggedOperation, LoggedOperationSchema, type Operation, OperationSchema } from '@concord/proto'
import { expect, test } from 'vitest'
import { NaiveDocument } from './naive-document.ts'
import { type ContentClaim, type LogSource, type SnapshotClaim, verifyLog } from './verify-log.ts'

const CLIENT = 7n

/** The log of a text typed letter by letter, with a hash in every second change. */
function typed(text: string): LoggedOperation[] {
  const document = new NaiveDocument()
  return [...text].map((letter, index) => {
    const operation = create(OperationSchema, { baseLength: index, components: index === 0 ? [5] : [index * 4, 5], text: letter })
    document.apply(operation)
    const hash = index % 2 === 1 ? document.hash() : 0n
    const change = { version: BigInt(index + 1), epoch: 1n, author: { userId: 'ada', userOrdinal: 1, clientId: CLIENT }, operation, hash }
    return create(LoggedOperationSchema, { change, clientSeq: BigInt(index + 1), baseVersion: BigInt(index), algorithm: 1, format: 1 })
  })
}

function claim(text: string, version = text.length): ContentClaim {
  const content = create(OperationSchema, { components: [text.length * 4 + 1], text })
  const document = new NaiveDocument()
  document.append(content)
  return { version, hash: document.hash(), content: [content] }
}

function source(rows: readonly LoggedOperation[], snapshots: readonly SnapshotClaim[] = [], head?: ContentClaim): LogSource {
  return {
    async *rows() {
      yield* rows
    },
    snapshots: async () => snapshots,
    head: async () => head,
  }
}

const clients = new Map([[CLIENT, 3]])

test('P2 one history: a sound log agrees with its hashes, snapshot and head', async () => {
  const report = await verifyLog(source(typed('hello!'), [{ ...claim('hel'), clients }], claim('hello!')))
  expect(report).toMatchObject({ versions: 6, length: 6, text: 'hello!', hashes: 5, snapshots: 1, problems: [] })
})

type Rows = ReturnType<typeof typed>
const operationOf = (row: LoggedOperation | undefined) => row?.change?.operation as Operation

/** Faults planted in a log or beside it, each with the first version that it makes wrong. */
const PLANTED: readonly (readonly [string, number, (rows: Rows) => LogSource])[] = [
  ['a letter changed in the log', 4, (rows) => ((operationOf(rows[2]).text = 'L'), source(rows))],
  ['a row missing', 3, (rows) => source(rows.toSpliced(2, 1))],
  ['a row twice', 4, (rows) => source(rows.toSpliced(3, 0, rows[2] as LoggedOperation))],
  ['an operation of another length', 5, (rows) => ((operationOf(rows[4]).baseLength = 9), source(rows))],
  ['an operation past the end', 5, (rows) => ((operationOf(rows[4]).components = [44, 5]), source(rows))],
  ['one sequence number committed twice', 2, (rows) => (((rows[1] as LoggedOperation).clientSeq = 1n), source(rows))],
  ['an older epoch after a newer', 3, (rows) => (((rows[1] as LoggedOperation).change as { epoch: bigint }).epoch = 2n, source(rows))],
  ['another hash in a change', 2, (rows) => (((rows[1] as LoggedOperation).change as { hash: bigint }).hash = 5n, source(rows))],
  ['a snapshot with other content and its own hash', 3, (rows) => source(rows, [{ ...claim('hex'), clients }])],
  ['a snapshot with the right hash and other content', 3, (rows) => source(rows, [{ ...claim('hel'), content: claim('hex').content, clients }])],
  ['a snapshot that forgot a commit', 3, (rows) => source(rows, [{ ...claim('hel'), clients: new Map([[CLIENT, 2]]) }])],
  ['a snapshot that cannot be read', 3, (rows) => source(rows, [{ ...claim('hel'), clients, fault: 'fails its checksum' }])],
  ['a head with other content', 6, (rows) => source(rows, [], claim('hello?'))],
  ['a head above the log', 7, (rows) => source(rows, [], claim('hello!!'))],
]

test.each(PLANTED)('P2 one history: found, %s', async (_, version, plant) => {
  const report = await verifyLog(plant(typed('hello!')))
  expect(report.problems[0]?.version).toBe(version)
})
