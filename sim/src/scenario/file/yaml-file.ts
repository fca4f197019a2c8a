import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import type { z } from 'zod'
import { FileError } from './file-error.ts'
import { type Problem, problemLines, problemsOf } from './problem.ts'
import { keysAt } from '../schema/schema-keys.ts'

/**
 * Reads what a user wrote in YAML. Throws {@link FileError} whose problems say where (file, line, column), which key, what is
 * wrong and what would be right. @param contradictions what no single key shows
 */
export function parseYaml<Schema extends z.ZodType>(text: string, file: string, schema: Schema, contradictions: (value: z.output<Schema>) => readonly Problem[]): z.output<Schema> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`
  }
  const broken = [...document.errors, ...document.warnings].map(({ message, pos }) => `${place(pos[0])}: ${message}`)
  if (broken.length > 0) throw new FileError(file, broken)
  const value: unknown = toPlain(document, file)
  const parsed = schema.safeParse(value)
  const problems = parsed.success ? contradictions(parsed.data) : problemsOf(parsed.error, value, (path) => keysAt(schema, path, value))
  if (parsed.success && problems.length === 0) return parsed.data
  const located = new Map(problems.map((problem) => [problem, offsetOf(document, problem)]))
  const offset = (problem: Problem) => located.get(problem) ?? 0
  throw new FileError(file, problemLines(problems.toSorted((a, b) => offset(a) - offset(b)), (problem) => place(offset(problem))))
}

function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw new FileError(file, [`${file}:1:1: ${error instanceof Error ? error.message : String(error)}`])
  }
}

/** Where in the text a problem is: its key, its value, or the nearest thing around it that stands in the file. */
function offsetOf(document: Document, { path, isKey }: Problem): number {
  for (let length = path.length; length > 0; length -= 1) {
    const here = path.slice(0, length)
    const key = keyNode(document, here)
    const value = document.getIn(here, true)
    const node = isKey && key !== undefined ? key : isNode(value) ? value : key
    if (node?.range) return isMap(node) && key?.range ? key.range[0] : node.range[0]
  }
  return document.contents?.range?.[0] ?? 0
}

function keyNode(document: Document, path: readonly (string | number)[]): Node | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return undefined
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
  return pair !== undefined && isNode(pair.key) ? pair.key : undefined
}
