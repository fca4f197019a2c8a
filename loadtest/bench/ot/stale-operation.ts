import { transformOver } from '@concord/ot'
import type { BenchRow } from '../bench-module.ts'
import { peer } from '../peers.ts'
import { processorTimeEach } from '../timing.ts'
import type { CodeMirror, Quill, TextUnicode } from './peer-apis.ts'
import { codeMirrorChange, delta, textUnicode } from './peer-operations.ts'
import { typed } from './random-patches.ts'
import { AUTHORS, type Patch, patchOperation } from './trace.ts'

const LENGTH = 100_000
const LATE: Patch = [LENGTH / 2, 0, 'x']
const REPEATS = { warmup: 20, repeats: 40 }

/** What others committed since: each edit with the length of the document it applies to. */
function committed(): { patch: Patch; length: number }[] {
  let length = LENGTH
  return typed(LENGTH, 10_000, 2).map((patch) => {
    const edit = { patch, length }
    length += patch[2].length - patch[1]
    return edit
  })
}

async function ours(): Promise<number[]> {
  const others = committed().map(({ patch, length }) => patchOperation(length, ...patch, AUTHORS[0]))
  return processorTimeEach(REPEATS, () => patchOperation(LENGTH, ...LATE, AUTHORS[1]), (late) => transformOver(others, late))
}

async function codeMirror(): Promise<number[]> {
  const library = await peer<CodeMirror>('@codemirror/state')
  const others = committed().map(({ patch, length }) => codeMirrorChange(library, length, patch))
  return processorTimeEach(REPEATS, () => codeMirrorChange(library, LENGTH, LATE), (late) => others.reduce((change, other) => change.map(other), late))
}

async function quill(): Promise<number[]> {
  const library = await peer<Quill>('quill-delta', 'script')
  const others = committed().map(({ patch }) => delta(library, patch))
  return processorTimeEach(REPEATS, () => delta(library, LATE), (late) => others.reduce((change, other) => other.transform(change, true), late))
}

async function unicode(): Promise<number[]> {
  const { type } = await peer<TextUnicode>('ot-text-unicode', 'script')
  const others = committed().map(({ patch }) => textUnicode(patch))
  return processorTimeEach(REPEATS, () => textUnicode(LATE), (late) => others.reduce((change, other) => type.transform(change, other, 'right'), late))
}

export const staleRows: readonly BenchRow[] = [
  {
    id: 'stale-operation',
    title: 'stale operation over 10,000 concurrent ones, one by one',
    unit: 'ms',
    better: 'lower',
    target: 0.7,
    ours: { name: 'concord', measure: ours },
    peers: [
      { name: '@codemirror/state', measure: codeMirror },
      { name: 'ot-text-unicode', measure: unicode },
      { name: 'quill-delta', measure: quill },
    ],
  },
]
