import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { type Comment, parseSync, type Program, visitorKeys } from 'oxc-parser'

/** A parsed file of ours. */
export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string
  readonly text: string
  readonly program: Program
  readonly comments: readonly Comment[]
}

/** What a check found; prints as `path:line what`. */
export interface Finding {
  readonly path: string
  readonly line: number
  readonly what: string
}

/** A node of the syntax tree; fields beyond these are read with {@link field}. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

const ROOTS = ['sdk', 'server', 'sim', 'loadtest', 'docs']
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'gen', 'peers', 'coverage'])

export function parse(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`)
  return { path, text, program, comments }
}

/** Every TypeScript file that people write, and the configuration at the root. */
export function readSources(root: string): SourceFile[] {
  const top = readdirSync(root).filter((name) => name.endsWith('.ts'))
  const paths = [...ROOTS.flatMap((folder) => walk(join(root, folder))), ...top.map((name) => join(root, name))]
  return paths.map((path) => parse(relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8')))
}

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return SKIPPED_FOLDERS.has(name) ? [] : walk(path)
    return /\.tsx?$/.test(name) && !name.endsWith('.d.ts') ? [path] : []
  })
}

/** Calls `visit` for every node below `root`, parents first. */
export function visitNodes(root: Node, visit: (node: Node, ancestors: readonly Node[]) => void): void {
  const ancestors: Node[] = []
  const enter = (node: Node): void => {
    visit(node, ancestors)
    ancestors.push(node)
    for (const key of visitorKeys[node.type] ?? []) children(node, key).forEach(enter)
    ancestors.pop()
  }
  enter(root)
}

/** A field of a node by name: the trees of TypeScript have some 160 node types, and checks look at a handful. */
export function field(node: Node, key: string): unknown {
  return (node as unknown as Record<string, unknown>)[key]
}

/** The nodes in a field, whether it holds one, several or none. */
export function children(node: Node, key: string): Node[] {
  const value = field(node, key)
  return (Array.isArray(value) ? value : [value]).filter(isNode)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

/** The name of an identifier or the text of a string, in a field. */
export function nameIn(node: Node, key: string): string | undefined {
  const [child] = children(node, key)
  if (child === undefined) return undefined
  if (child.type === 'Identifier') return String(field(child, 'name'))
  return child.type === 'Literal' ? String(field(child, 'value')) : undefined
}

export function lineAt(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split('\n').length
}

export function finding(file: SourceFile, node: { readonly start: number }, what: string): Finding {
  return { path: file.path, line: lineAt(file, node.start), what }
}

/** Tests, their helpers and suites that tests run. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$|(^|\/)(test|testing|contract)\//.test(path)
}
