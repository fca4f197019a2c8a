import { DocumentText } from '@concord/ot'
import type { BenchRow } from '../bench-module.ts'
import { peer } from '../peers.ts'
import { processorTimeEach } from '../timing.ts'
import type { CodeMirror, Diamond, Yjs } from './peer-apis.ts'
import { columnsOf, type PatchColumns, patchOperation, readTrace } from './trace.ts'

const NAME = 'automerge-paper'

/** Operations are made within the time that counts, as the peers make theirs; ours alone ends with a hash of the content. */
function replay({ positions, removed, inserted }: PatchColumns): DocumentText {
  const document = DocumentText.empty()
  for (let i = 0; i < inserted.length; i++) {
    const failure = document.apply(patchOperation(document.length, positions[i]!, removed[i]!, inserted[i]!))
    if (failure !== undefined) throw new Error(`the trace does not apply: ${JSON.stringify(failure)}`)
  }
  document.hash()
  return document
}

/** The hash after every single edit, as a server computes it that sends one with each change. */
function replayHashing({ positions, removed, inserted }: PatchColumns): DocumentText {
  const document = DocumentText.empty()
  for (let i = 0; i < inserted.length; i++) {
    document.apply(patchOperation(document.length, positions[i]!, removed[i]!, inserted[i]!))
    document.hash()
  }
  return document
}

async function measure(run: (edits: PatchColumns) => DocumentText): Promise<number[]> {
  const { patches, endContent } = readTrace(NAME)
  const edits = columnsOf(patches)
  if (run(edits).toString() !== endContent) throw new Error('the replay does not end in the text of the trace')
  return processorTimeEach({ warmup: 4, repeats: 10 }, () => edits, run)
}

async function diamond(): Promise<number[]> {
  const { Doc } = await peer<Diamond>('diamond-types-node', 'script')
  const { positions, removed, inserted } = columnsOf(readTrace(NAME).patches)
  return processorTimeEach({ warmup: 2, repeats: 5 }, () => new Doc('bench'), (doc) => {
    for (let i = 0; i < inserted.length; i++) {
      if (removed[i]! > 0) doc.del(positions[i]!, removed[i]!)
      if (inserted[i]! !== '') doc.ins(positions[i]!, inserted[i]!)
    }
  })
}

async function codeMirror(): Promise<number[]> {
  const library = await peer<CodeMirror>('@codemirror/state')
  const { positions, removed, inserted } = columnsOf(readTrace(NAME).patches)
  return processorTimeEach({ warmup: 1, repeats: 3 }, () => library.Text.of(['']), (empty) => {
    let text = empty
    for (let i = 0; i < inserted.length; i++) {
      text = library.ChangeSet.of({ from: positions[i]!, to: positions[i]! + removed[i]!, insert: inserted[i]! }, text.length).apply(text)
    }
  })
}

/** Seconds long, hence only once a round. */
async function yjs(): Promise<number[]> {
  const { Doc } = await peer<Yjs>('yjs')
  const { positions, removed, inserted } = columnsOf(readTrace(NAME).patches)
  return processorTimeEach({ warmup: 0, repeats: 1 }, () => new Doc().getText('text'), (text) => {
    for (let i = 0; i < inserted.length; i++) {
      if (removed[i]! > 0) text.delete(positions[i]!, removed[i]!)
      if (inserted[i]! !== '') text.insert(positions[i]!, inserted[i]!)
    }
  })
}

export const replayRows: readonly BenchRow[] = [
  {
    id: 'replay',
    title: 'replay automerge-paper (259,778 edits), ours with the content hash',
    unit: 'ms',
    better: 'lower',
    target: 30,
    ours: { name: 'concord', measure: () => measure(replay) },
    peers: [
      { name: 'diamond-types-node', measure: diamond },
      { name: '@codemirror/state', measure: codeMirror },
      { name: 'yjs', measure: yjs },
    ],
  },
  {
    id: 'replay-hashing',
    title: 'the same, with a hash after every edit',
    unit: 'ms',
    better: 'lower',
    target: undefined,
    ours: { name: 'concord', measure: () => measure(replayHashing) },
    peers: [],
  },
]
