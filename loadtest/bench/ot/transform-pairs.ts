import { type Operation, transform } from '@concord/ot'
import type { BenchRow } from '../bench-module.ts'
import { peer } from '../peers.ts'
import { processorTimeEach } from '../timing.ts'
import type { CodeMirror, Quill, TextUnicode } from './peer-apis.ts'
import { codeMirrorChange, delta, textUnicode } from './peer-operations.ts'
import { seeded } from './random-patches.ts'
import { AUTHORS, type Patch, patchOperation } from './trace.ts'

const LENGTH = 10_000
const PAIRS = 1_000

/** Pairs of concurrent keystrokes: nearly all of them insert one unit, one in eight removes one. */
function pairs(): (readonly [Patch, Patch])[] {
  const random = seeded(1)
  const keystroke = (): Patch => {
    const at = 1 + Math.floor(random() * (LENGTH - 2))
    return random() < 1 / 8 ? [at, 1, ''] : [at, 0, 'x']
  }
  return Array.from({ length: PAIRS }, () => [keystroke(), keystroke()] as const)
}

/** Millions of pairs a second, each side transformed past the other. `step` answers a number, so that no result is dead code. */
async function rate<T>(translate: (patch: Patch, author: 0 | 1) => T, step: (left: T, right: T) => number, loops: number): Promise<number[]> {
  const translated = pairs().map(([left, right]) => [translate(left, 0), translate(right, 1)] as const)
  let sum = 0
  const times = await processorTimeEach({ warmup: 4, repeats: 8 }, () => translated, (list) => {
    for (let loop = 0; loop < loops; loop++) for (const [left, right] of list) sum += step(left, right)
  })
  if (!(sum > 0)) throw new Error('the transforms did nothing')
  return times.map((ms) => (loops * PAIRS) / ms / 1000)
}

async function ours(): Promise<number[]> {
  const step = (left: Operation, right: Operation) => {
    const [left2, right2] = transform(left, right)
    return left2.baseLength + right2.baseLength
  }
  return rate((patch, author) => patchOperation(LENGTH, ...patch, AUTHORS[author]), step, 2_000)
}

async function unicode(): Promise<number[]> {
  const { type } = await peer<TextUnicode>('ot-text-unicode', 'script')
  return rate(textUnicode, (left, right) => type.transform(left, right, 'left').length + type.transform(right, left, 'right').length, 500)
}

async function codeMirror(): Promise<number[]> {
  const library = await peer<CodeMirror>('@codemirror/state')
  const count = (change: object) => (change === null ? 0 : 1)
  return rate((patch) => codeMirrorChange(library, LENGTH, patch), (left, right) => count(left.map(right, true)) + count(right.map(left)), 500)
}

async function quill(): Promise<number[]> {
  const library = await peer<Quill>('quill-delta', 'script')
  const count = (change: object) => (change === null ? 0 : 1)
  return rate((patch) => delta(library, patch), (left, right) => count(right.transform(left, false)) + count(left.transform(right, true)), 100)
}

export const transformRows: readonly BenchRow[] = [
  {
    id: 'transform',
    title: 'transform, one char against one char, both sides',
    unit: 'M pairs/s',
    better: 'higher',
    target: 10,
    ours: { name: 'concord', measure: ours },
    peers: [
      { name: 'ot-text-unicode', measure: unicode },
      { name: '@codemirror/state', measure: codeMirror },
      { name: 'quill-delta', measure: quill },
    ],
  },
]
