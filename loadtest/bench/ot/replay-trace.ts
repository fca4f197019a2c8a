import { DocumentText } from '@concord/ot'
import type { BenchRow } from '../bench-module.ts'
import { peer } from '../peers.ts'
import { timeEach } from '../timing.ts'
import type { CodeMirror, Diamond, Yjs } from './peer-apis.ts'
import { applyToDiamond, codeMirrorChange } from './peer-operations.ts'
import { patchOperation, readTrace, type Trace } from './trace.ts'

const NAME = 'automerge-paper'

/** Operations are made within the time that counts, as the peers make theirs; ours alone ends with a hash of the content. */
function replay({ patches }: Trace): DocumentText {
  const document = DocumentText.empty()
  for (const [position, removed, inserted] of patches) {
    const failure = document.apply(patchOperation(document.length, position, removed, inserted))
    if (failure !== undefined) throw new Error(`the trace does not apply: ${JSON.stringify(failure)}`)
  }
  document.hash()
  return document
}

/** The hash after every single edit, as a server computes it that sends one with each change. */
function replayHashing({ patches }: Trace): DocumentText {
  const document = DocumentText.empty()
  for (const [position, removed, inserted] of patches) {
    document.apply(patchOperation(document.length, position, removed, inserted))
    document.hash()
  }
  return document
}

async function measure(run: (trace: Trace) => DocumentText): Promise<number[]> {
  const trace = readTrace(NAME)
  if (run(trace).toString() !== trace.endContent) throw new Error('the replay does not end in the text of the trace')
  return timeEach({ warmup: 4, repeats: 10 }, () => trace, run)
}

async function diamond(): Promise<number[]> {
  const { Doc } = await peer<Diamond>('diamond-types-node', 'script')
  const { patches } = readTrace(NAME)
  return timeEach({ warmup: 2, repeats: 5 }, () => new Doc('bench'), (doc) => {
    for (const patch of patches) applyToDiamond(doc, patch)
  })
}

async function codeMirror(): Promise<number[]> {
  const library = await peer<CodeMirror>('@codemirror/state')
  const { patches } = readTrace(NAME)
  return timeEach({ warmup: 1, repeats: 3 }, () => library.Text.of(['']), (empty) => {
    let text = empty
    for (const patch of patches) text = codeMirrorChange(library, text.length, patch).apply(text)
  })
}

/** Seconds long, hence only once a round. */
async function yjs(): Promise<number[]> {
  const { Doc } = await peer<Yjs>('yjs')
  const { patches } = readTrace(NAME)
  return timeEach({ warmup: 0, repeats: 1 }, () => new Doc().getText('text'), (text) => {
    for (const [position, removed, inserted] of patches) {
      if (removed > 0) text.delete(position, removed)
      if (inserted !== '') text.insert(position, inserted)
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
