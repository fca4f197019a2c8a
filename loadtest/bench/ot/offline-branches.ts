import { composeAll, DocumentText, type Operation, OperationBuilder, transform } from '@concord/ot'
import type { BenchRow } from '../bench-module.ts'
import { peer } from '../peers.ts'
import { processorTimeEach } from '../timing.ts'
import type { Automerge, CodeMirror, Diamond, DiamondDoc, Loro, LoroDoc, Quill, Yjs } from './peer-apis.ts'
import { applyToDiamond, codeMirrorChange, delta, foldBalanced } from './peer-operations.ts'
import { plainText, typed } from './random-patches.ts'
import { AUTHORS, type Patch, patchOperation } from './trace.ts'

const LENGTH = 50_000
const EDITS = 10_000
const REPEATS = { warmup: 10, repeats: 20 }

/** Two people, offline since the same version of a document of 50,000 units. */
const branches = (): readonly [Patch[], Patch[]] => [typed(LENGTH, EDITS, 3), typed(LENGTH, EDITS, 4)]

function withLengths(patches: readonly Patch[]): { patch: Patch; length: number }[] {
  let length = LENGTH
  return patches.map((patch) => {
    const edit = { patch, length }
    length += patch[2].length - patch[1]
    return edit
  })
}

function operations(author: 0 | 1): Operation[] {
  return withLengths(branches()[author]).map(({ patch, length }) => patchOperation(length, ...patch, AUTHORS[author]))
}

/** Composes both branches and transforms them past each other: what a server or client does before anything is applied. */
function merge(left: readonly Operation[], right: readonly Operation[]): readonly [Operation, Operation, Operation, Operation] {
  const [one, other] = [composeAll(left), composeAll(right)]
  const [one2, other2] = transform(one, other)
  return [one, other, one2, other2]
}

async function ours(): Promise<number[]> {
  const [left, right] = [operations(0), operations(1)]
  checkConvergence(merge(left, right))
  return processorTimeEach(REPEATS, () => undefined, () => merge(left, right))
}

/** The same, until the replica of the first person holds both branches: what the CRDTs do when they import. */
async function oursApplied(): Promise<number[]> {
  const [left, right] = [operations(0), operations(1)]
  const base = DocumentText.from(new OperationBuilder(0).insert(plainText(LENGTH)).build())
  base.apply(composeAll(left))
  return processorTimeEach(REPEATS, () => base.snapshot(), (replica) => {
    const failure = replica.apply(merge(left, right)[3])
    if (failure !== undefined) throw new Error(JSON.stringify(failure))
  })
}

function checkConvergence([one, other, one2, other2]: ReturnType<typeof merge>): void {
  const base = DocumentText.from(new OperationBuilder(0).insert(plainText(LENGTH)).build())
  const [here, there] = [base.snapshot(), base.snapshot()]
  for (const failure of [here.apply(one), here.apply(other2), there.apply(other), there.apply(one2)]) {
    if (failure !== undefined) throw new Error(`the branches do not merge: ${JSON.stringify(failure)}`)
  }
  if (here.hash() !== there.hash()) throw new Error('the branches do not converge')
}

async function quill(): Promise<number[]> {
  const library = await peer<Quill>('quill-delta', 'script')
  const [left, right] = branches().map((patches) => patches.map((patch) => delta(library, patch))) as [ReturnType<typeof delta>[], ReturnType<typeof delta>[]]
  return processorTimeEach({ warmup: 2, repeats: 5 }, () => undefined, () => {
    const [one, other] = [left, right].map((list) => foldBalanced(list, (first, second) => first.compose(second))) as [ReturnType<typeof delta>, ReturnType<typeof delta>]
    return [other.transform(one, false), one.transform(other, true)]
  })
}

async function codeMirror(): Promise<number[]> {
  const library = await peer<CodeMirror>('@codemirror/state')
  const [left, right] = branches().map((patches) => withLengths(patches).map(({ patch, length }) => codeMirrorChange(library, length, patch)))
  return processorTimeEach({ warmup: 4, repeats: 8 }, () => undefined, () => {
    const [one, other] = [left!, right!].map((list) => foldBalanced(list, (first, second) => first.compose(second)))
    return [one!.map(other!, true), other!.map(one!)]
  })
}

/** The CRDTs: a replica with its own branch imports the other's, encoded before. */
async function yjs(): Promise<number[]> {
  const { Doc, applyUpdate, encodeStateAsUpdate, encodeStateVector } = await peer<Yjs>('yjs')
  const base = new Doc()
  base.getText('text').insert(0, plainText(LENGTH))
  const [state, vector] = [encodeStateAsUpdate(base), encodeStateVector(base)]
  const replica = (patches: readonly Patch[]) => {
    const doc = new Doc()
    applyUpdate(doc, state)
    const text = doc.getText('text')
    for (const [position, removed, inserted] of patches) removed > 0 ? text.delete(position, removed) : text.insert(position, inserted)
    return doc
  }
  const [own, others] = branches().map(replica)
  const [mine, update] = [encodeStateAsUpdate(own), encodeStateAsUpdate(others, vector)]
  const fresh = () => {
    const doc = new Doc()
    applyUpdate(doc, mine)
    return doc
  }
  return processorTimeEach({ warmup: 4, repeats: 8 }, fresh, (doc) => applyUpdate(doc, update))
}

async function diamond(): Promise<number[]> {
  const { Doc } = await peer<Diamond>('diamond-types-node', 'script')
  const base = new Doc('base')
  base.ins(0, plainText(LENGTH))
  const [bytes, version] = [base.toBytes(), base.getLocalVersion()]
  const [own, others] = branches().map((patches, author) => {
    const doc = Doc.fromBytes(bytes, `author ${author}`)
    for (const patch of patches) applyToDiamond(doc, patch)
    return doc
  }) as [DiamondDoc, DiamondDoc]
  const [mine, update] = [own.toBytes(), others.getPatchSince(version)]
  return processorTimeEach({ warmup: 4, repeats: 8 }, () => Doc.fromBytes(mine, 'reader'), (doc) => doc.mergeBytes(update))
}

async function loro(): Promise<number[]> {
  const library = await peer<Loro>('loro-crdt', 'script')
  const base = new library.LoroDoc()
  base.getText('text').insert(0, plainText(LENGTH))
  base.commit()
  const [snapshot, version] = [base.export({ mode: 'snapshot' }), base.version()]
  const [own, others] = branches().map((patches) => {
    const doc = new library.LoroDoc()
    doc.import(snapshot)
    const text = doc.getText('text')
    for (const [position, removed, inserted] of patches) removed > 0 ? text.delete(position, removed) : text.insert(position, inserted)
    doc.commit()
    return doc
  }) as [LoroDoc, LoroDoc]
  const [mine, update] = [own.export({ mode: 'snapshot' }), others.export({ mode: 'update', from: version })]
  const fresh = () => {
    const doc = new library.LoroDoc()
    doc.import(mine)
    doc.getText('text').toString()
    return doc
  }
  return processorTimeEach({ warmup: 4, repeats: 8 }, fresh, (doc) => doc.import(update))
}

async function automerge(): Promise<number[]> {
  const library = await peer<Automerge>('@automerge/automerge')
  const base = library.from({ text: plainText(LENGTH) })
  const edited = branches().map((patches) =>
    library.change(library.clone(base), (draft) => {
      for (const [position, removed, inserted] of patches) library.splice(draft, ['text'], position, removed, inserted)
    }),
  )
  const changes = library.getChanges(base, edited[1])
  return processorTimeEach({ warmup: 1, repeats: 3 }, () => library.clone(edited[0]), (doc) => library.applyChanges(doc, changes))
}

export const offlineBranchesRows: readonly BenchRow[] = [
  {
    id: 'offline-branches',
    title: 'two offline branches of 10,000 edits, composed and transformed (CRDTs: imported)',
    unit: 'ms',
    better: 'lower',
    target: 6,
    ours: { name: 'concord', measure: ours },
    peers: [
      { name: 'diamond-types-node', measure: diamond },
      { name: 'yjs', measure: yjs },
      { name: 'loro-crdt', measure: loro },
      { name: '@codemirror/state', measure: codeMirror },
      { name: 'quill-delta', measure: quill },
      { name: '@automerge/automerge', measure: automerge },
    ],
  },
  {
    id: 'offline-branches-applied',
    title: 'the same, and applied to a replica',
    unit: 'ms',
    better: 'lower',
    target: undefined,
    ours: { name: 'concord', measure: oursApplied },
    peers: [],
  },
]
