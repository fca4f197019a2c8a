import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Algebra } from './law.ts'
import type { LawName } from './laws.ts'

/** One rule of the algebra, written wrongly: `from`, which stands exactly once in `file`, becomes `to`. */
export interface Mutant {
  readonly rule: string
  readonly file: string
  readonly from: string
  readonly to: string
  /** The law that it breaks first of all. */
  readonly breaks: LawName
}

export const MUTANTS: readonly Mutant[] = [
  { rule: 'the user orders ties before the client does', file: 'tie-key.ts', from: 'if (a.user !== b.user) return a.user < b.user ? -1 : 1', to: '', breaks: 'R13 ties' },
  { rule: 'the lower key comes first', file: 'transform.ts', from: 'compareKeys(l.key, r.key) <= 0', to: 'compareKeys(l.key, r.key) >= 0', breaks: 'R13 ties of groups' },
  { rule: 'equal keys: committed first', file: 'transform-plain.ts', from: '?? LOWEST_KEY) <= 0', to: '?? LOWEST_KEY) < 0 && left.keys !== right.keys', breaks: 'R13 ties' },
  { rule: 'ties are decided alike for both results', file: 'transform-plain.ts', from: 'first ? q + n : q, q, r', to: 'q + n, q, r', breaks: 'R13 TP1' },
  { rule: 'an earlier change loses the names that a later one sets', file: 'transform.ts', from: 'withoutNames(l.set, r.set)', to: 'l.set', breaks: 'R13 TP1' },
  { rule: 'the later change of attributes wins', file: 'transform.ts', from: 'left2.retain(length, withoutNames(l.set, r.set))\n    right2.retain(length, r.set)', to: 'left2.retain(length, l.set)\n    right2.retain(length, withoutNames(r.set, l.set))', breaks: 'R13 later attributes win' },
  { rule: 'what both delete is deleted once', file: 'transform.ts', from: 'else if (l.tag !== DELETE) right2.delete(length)', to: 'else right2.delete(length)', breaks: 'R13 TP1' },
  { rule: 'the other side keeps what one side inserts', file: 'transform.ts', from: 'other.retainPlain(length)', to: 'other.delete(length)', breaks: 'transform loses nothing' },
  { rule: 'a delete behind an insert moves by its length', file: 'transform-plain.ts', from: 'moved(deleting, deleteBase, q + n, q, m * 4 + DELETE)', to: 'moved(deleting, deleteBase, q, q, m * 4 + DELETE)', breaks: 'R13 TP1' },
  { rule: 'an insert at the end of a delete is not inside it', file: 'transform-plain.ts', from: 'if (p >= q + m)', to: 'if (p > q + m)', breaks: 'R13 TP1' },
  { rule: 'the shared part of two deletes is the overlap', file: 'transform-plain.ts', from: 'Math.min(p + n, q + m) - Math.max(p, q)', to: 'Math.min(n, m)', breaks: 'R13 TP1' },
  { rule: 'one late change moves behind a tie with a lower key', file: 'transform-over.ts', from: 'LOWEST_KEY, this.key) <= 0', to: 'LOWEST_KEY, this.key) < 0', breaks: 'R4 stepwise' },
  { rule: 'a removed attribute stays a removal in a composition', file: 'attributes.ts', from: 'return merge(under, over)', to: 'return merge(under, over).filter(([, value]) => value !== null)', breaks: 'compose applies' },
  { rule: 'inserted content has no removals', file: 'attributes.ts', from: '? merged.filter(([, value]) => value !== null) : merged', to: '? merged : merged', breaks: 'compose applies' },
  { rule: 'the second operation inserts before what it deletes', file: 'compose.ts', from: "if (b.inserts) copyInserted(b, out)\n    else if (a.tag === DELETE)", to: "if (b.inserts && a.tag !== 1) copyInserted(b, out)\n    else if (b.inserts) { out.insert(a.text(a.left), a.set, a.key); a.takeInserted(a.left) }\n    else if (a.tag === DELETE)", breaks: 'compose applies' },
  { rule: 'inserts of different keys never merge', file: 'operation-writer.ts', from: 'this.runTag === INSERT && equalKeys(this.runKey, key)', to: 'this.runTag === INSERT', breaks: 'compose applies' },
  { rule: 'the key of a composition is the key of what is inserted', file: 'compose-plain.ts', from: "return a.text === '' ? b.keys : a.keys", to: 'return b.keys', breaks: 'compose applies' },
  { rule: 'an insert stands before the delete at its place', file: 'operation-writer.ts', from: 'if (length === 0) return\n    if (this.runLength > 0 && this.runTag === INSERT', to: 'if (length === 0) return\n    if (this.waitingDelete > 0) this.flushDelete()\n    if (this.runLength > 0 && this.runTag === INSERT', breaks: 'R19 one form' },
  { rule: 'no plain retain at the end', file: 'plain-writer.ts', from: 'else if ((this.last & 3) === RETAIN && this.last > 0) this.components.pop()', to: '', breaks: 'R13 TP1' },
  { rule: 'only neighbouring text is one insert', file: 'splice-list.ts', from: '&& pairs[k + 1]! + (value >>> 2) === textAt', to: '', breaks: 'composeAll folds' },
  { rule: 'bias decides at an insert', file: 'position.ts', from: "else if (at < position || bias === 'right')", to: 'else if (at <= position)', breaks: 'position is an insert' },
  { rule: 'a position in deleted units goes to their place', file: 'position.ts', from: 'moved -= Math.min(length, position - at)', to: 'moved -= length', breaks: 'position is an insert' },
  { rule: 'what is kept takes the attributes wanted', file: 'diff.ts', from: 'attributesChange(set, wanted)', to: 'attributesChange(set, set)', breaks: 'R6 diff' },
  { rule: 'a diff cuts no surrogate pair', file: 'diff.ts', from: 'isHighSurrogate(this.a.text.charCodeAt(aFrom + length - 1)) ? length - 1 : length', to: 'isHighSurrogate(this.a.text.charCodeAt(aFrom + length - 1)) ? length : length', breaks: 'R6 diff' },
  { rule: 'the rest of a split begins behind the head', file: 'split.ts', from: 'this.rest.retainPlain(this.headLength)', to: '', breaks: 'R18 split' },
  { rule: 'a split cuts text between characters', file: 'split.ts', from: 'const width = code > 0xffff ? 2 : 1', to: 'const width = 1', breaks: 'R18 split' },
  { rule: 'a stamp sets every key', file: 'stamp.ts', from: 'if (operation.keys.length <= 1) return', to: 'if (operation.keys.length !== 1) return', breaks: 'R13 stamp' },
  { rule: 'validation sees neighbours that should be one', file: 'validate-components.ts', from: 'if (this.previous === RETAIN && !this.setSwitched)', to: 'if (false)', breaks: 'R19 validate is strict' },
  { rule: 'validation sees inserts behind a delete', file: 'validate-components.ts', from: 'if (this.previous === DELETE) return notCanonical(\'an insert comes', to: 'if (false) return notCanonical(\'an insert comes', breaks: 'R19 validate is strict' },
  { rule: 'the notation writes keys', file: 'notation.ts', from: 'if (key !== undefined && !equalKeys(key, current))', to: 'if (false as boolean && key !== undefined && !equalKeys(key, current))', breaks: 'notation round trip' },
]

const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url))

/** The package with one rule written wrongly; with none, the package as it is, loaded the same way. */
export async function loadMutant(mutant?: Mutant): Promise<Algebra> {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'cjs',
    target: 'es2024',
    logLevel: 'silent',
    plugins: mutant === undefined ? [] : [substitution(mutant)],
  })
  const module = { exports: {} }
  new Function('module', 'exports', result.outputFiles[0]!.text)(module, module.exports)
  return module.exports as Algebra
}

type Plugin = NonNullable<Parameters<typeof build>[0]['plugins']>[number]

function substitution({ rule, file, from, to }: Mutant): Plugin {
  return {
    name: 'mutant',
    setup: (pending) =>
      pending.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!path.endsWith(`/src/${file}`)) return undefined
        const parts = readFileSync(path, 'utf8').split(from)
        if (parts.length !== 2) throw new Error(`mutant "${rule}": its text stands ${parts.length - 1} times in ${file}, not once`)
        return { contents: parts.join(to), loader: 'ts' }
      }),
  }
}
