import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { brokenReferences } from './references.ts'
import { FileError } from './file-error.ts'
import { type Problem, problemsOf } from './problem.ts'
import { keysAt } from './schema-keys.ts'
import { type Scenario, scenarioSchema } from './schema.ts'

/** Problems shown at once; a file that is wrong all over is read from the top. */
const MOST_PROBLEMS = 20

/**
 * Reads a scenario. Throws {@link FileError} whose problems say where (file, line, column), which key, what is wrong and what would
 * be right.
 */
export function parseScenario(text: string, file: string): Scenario {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`
  }
  const broken = [...document.errors, ...document.warnings].map(({ message, pos }) => `${place(pos[0])}: ${message}`)
  if (broken.length > 0) throw new FileError(file, broken)
  const value: unknown = toPlain(document, file)
  const parsed = scenarioSchema.safeParse(value)
  const problems = parsed.success ? brokenReferences(parsed.data) : problemsOf(parsed.error, value, (path) => keysAt(scenarioSchema, path, value))
  if (parsed.success && problems.length === 0) return parsed.data
  throw new FileError(file, described(problems, document, place))
}

function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw new FileError(file, [`${file}:1:1: ${error instanceof Error ? error.message : String(error)}`])
  }
}

function described(problems: readonly Problem[], document: Document, place: (offset: number) => string): string[] {
  const located = problems.map((problem) => ({ problem, offset: offsetOf(document, problem) })).sort((a, b) => a.offset - b.offset)
  const lines = located.slice(0, MOST_PROBLEMS).map(({ problem, offset }) => `${place(offset)}: ${nameOf(problem)}${problem.message}`)
  return problems.length > MOST_PROBLEMS ? [...lines, `and ${problems.length - MOST_PROBLEMS} more`] : lines
}

function nameOf({ path, isKey }: Problem): string {
  const shown = isKey ? path.slice(0, -1) : path
  if (shown.length === 0) return ''
  const name = shown.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('')
  return `${name}${isKey ? ': ' : ' '}`
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
