import { DocumentText, OperationBuilder } from '@concord/ot'
import type { BenchRow } from '../bench-module.ts'
import { peer } from '../peers.ts'
import { processorTimeEach } from '../timing.ts'
import type { CodeMirror, Diamond } from './peer-apis.ts'
import { applyToDiamond, codeMirrorChange } from './peer-operations.ts'
import { plainText, scattered } from './random-patches.ts'
import { patchOperation } from './trace.ts'

const LENGTH = 100_000_000

/** Thousands of edits a second. A peer that needs longer gets fewer edits a run, a fresh place each all the same. */
async function rate(edits: number, repeats: number, apply: (patch: readonly [number, number, string]) => void): Promise<number[]> {
  let run = 0
  const times = await processorTimeEach({ warmup: 2, repeats }, () => scattered(LENGTH - 1_000_000, edits, run++), (patches) => {
    for (const patch of patches) apply(patch)
  })
  return times.map((ms) => edits / ms)
}

async function ours(): Promise<number[]> {
  const document = DocumentText.from(new OperationBuilder(0).insert(plainText(LENGTH)).build())
  return rate(100_000, 8, ([position, removed, inserted]) => {
    const failure = document.apply(patchOperation(document.length, position, removed, inserted))
    if (failure !== undefined) throw new Error(JSON.stringify(failure))
  })
}

async function codeMirror(): Promise<number[]> {
  const library = await peer<CodeMirror>('@codemirror/state')
  let text = library.Text.of(plainText(LENGTH).split('\n'))
  return rate(50_000, 4, (patch) => {
    text = codeMirrorChange(library, text.length, patch).apply(text)
  })
}

async function diamond(): Promise<number[]> {
  const { Doc } = await peer<Diamond>('diamond-types-node', 'script')
  const doc = new Doc('bench')
  doc.ins(0, plainText(LENGTH))
  return rate(10_000, 4, (patch) => applyToDiamond(doc, patch))
}

export const bigDocumentRows: readonly BenchRow[] = [
  {
    id: 'big-document',
    title: 'random edits in a document of 100 MB',
    unit: 'k edits/s',
    better: 'higher',
    target: 400,
    ours: { name: 'concord', measure: ours },
    peers: [
      { name: '@codemirror/state', measure: codeMirror },
      { name: 'diamond-types-node', measure: diamond },
    ],
  },
]
