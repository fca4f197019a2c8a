import { toBinary } from '@bufbuild/protobuf'
import type { Operation } from '@concord/ot'
import { OperationSchema } from '@concord/proto'
import { encodeChange, operationToProto } from '@concord/protocol'
import type { BenchRow } from '../bench-module.ts'
import { peer } from '../peers.ts'
import { BLOCK, packBlock, unpackBlock } from './archive-columns.ts'
import type { Diamond, Quill } from './peer-apis.ts'
import { applyToDiamond, delta, textUnicode } from './peer-operations.ts'
import { type Patch, patchOperation, readTrace } from './trace.ts'

/** The operations of the trace as they are committed one by one. */
function operations(patches: readonly Patch[]): Operation[] {
  let length = 0
  return patches.map(([position, removed, inserted]) => {
    const operation = patchOperation(length, position, removed, inserted)
    length += inserted.length - removed
    return operation
  })
}

function average<T>(list: readonly T[], bytes: (entry: T, index: number) => number): number[] {
  return [list.reduce((sum, entry, index) => sum + bytes(entry, index), 0) / list.length]
}

async function message(): Promise<number[]> {
  return average(operations(readTrace('automerge-paper').patches), (operation) => toBinary(OperationSchema, operationToProto(operation)).length)
}

/** Components as varints and text as UTF-8: what is left when field numbers and the base length are left out. */
async function walk(): Promise<number[]> {
  const varint = (value: number) => Math.max(1, Math.ceil(Math.log2(value + 1) / 7))
  return average(operations(readTrace('automerge-paper').patches), ({ components, text }) => components.reduce((sum, value) => sum + varint(value), Buffer.byteLength(text)))
}

/** A whole log row's bytes: version, epoch, author and time beside the operation. */
async function row(): Promise<number[]> {
  const author = { userId: 'users/alice', userOrdinal: 1, clientId: '0000000100000001' }
  return average(operations(readTrace('automerge-paper').patches), (operation, index) =>
    encodeChange({ version: index + 1, epoch: 1, author, operation, at: 1_790_000_000_000 + index }).length,
  )
}

async function archived(): Promise<number[]> {
  const { patches } = readTrace('automerge-paper')
  let bytes = 0
  for (let start = 0; start < patches.length; start += BLOCK) {
    const block = patches.slice(start, start + BLOCK)
    const columns = packBlock(block)
    if (JSON.stringify(unpackBlock(columns)) !== JSON.stringify(block)) throw new Error(`block ${start} does not come back as it was`)
    bytes += columns.reduce((sum, column) => sum + column.length, 0)
  }
  return [bytes / patches.length]
}

async function unicode(): Promise<number[]> {
  return average(readTrace('automerge-paper').patches, (patch) => Buffer.byteLength(JSON.stringify(textUnicode(patch))))
}

async function quill(): Promise<number[]> {
  const library = await peer<Quill>('quill-delta', 'script')
  return average(readTrace('automerge-paper').patches, (patch) => Buffer.byteLength(JSON.stringify((delta(library, patch) as unknown as { ops: unknown }).ops)))
}

async function diamond(): Promise<number[]> {
  const { Doc } = await peer<Diamond>('diamond-types-node', 'script')
  const { patches } = readTrace('automerge-paper')
  const doc = new Doc('bench')
  for (const patch of patches) applyToDiamond(doc, patch)
  return [doc.toBytes().length / patches.length]
}

const ROW = { unit: 'bytes', better: 'lower' } as const

export const logBytesRows: readonly BenchRow[] = [
  {
    ...ROW,
    id: 'log-bytes',
    title: 'bytes per operation in the log (concord.v1.Operation)',
    target: 5,
    ours: { name: 'concord', measure: message },
    peers: [
      { name: 'ot-text-unicode', measure: unicode },
      { name: 'quill-delta', measure: quill },
    ],
  },
  { ...ROW, id: 'log-bytes-walk', title: 'its components and text alone', target: undefined, ours: { name: 'concord', measure: walk }, peers: [] },
  { ...ROW, id: 'log-bytes-row', title: 'with version, author and time (concord.v1.Change)', target: undefined, ours: { name: 'concord', measure: row }, peers: [] },
  {
    ...ROW,
    id: 'log-bytes-archived',
    title: `bytes per operation, archived (columns of ${BLOCK.toLocaleString('en-US')} operations, zstd)`,
    target: 1,
    ours: { name: 'concord', measure: archived },
    peers: [{ name: 'diamond-types-node', measure: diamond }],
  },
]
