import { readFileSync } from 'node:fs'
import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { FileError } from '../../scenario/file-error.ts'
import { problemsOf } from '../../scenario/problem.ts'
import { keysAt } from '../../scenario/schema-keys.ts'
import { planSchema, type PlanInput } from './plan-schema.ts'

/** Reads what a plan is made from. @throws {FileError} with place, key and what would be right, for each problem */
export function parsePlan(text: string, file: string): PlanInput {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`
  }
  const broken = document.errors.map(({ message, pos }) => `${at(pos[0])}: ${message}`)
  if (broken.length > 0) throw new FileError(file, broken)
  const value: unknown = document.toJS({ maxAliasCount: 100 })
  const parsed = planSchema.safeParse(value)
  if (!parsed.success) {
    const problems = problemsOf(parsed.error, value, (path) => keysAt(planSchema, path, value))
    throw new FileError(file, problems.map(({ path, isKey, message }) => `${at(offsetOf(document, path))}: ${nameOf(isKey ? path.slice(0, -1) : path)}${message}`))
  }
  const shares = parsed.data.regions.reduce((sum, { share }) => sum + share, 0)
  if (Math.abs(shares - 1) > 0.01) throw new FileError(file, [`${at(offsetOf(document, ['regions']))}: regions: the shares add up to ${shares.toFixed(2)}, not to 1`])
  if (parsed.data.survives.region && parsed.data.regions.length < 2) throw new FileError(file, [`${at(offsetOf(document, ['survives']))}: survives.region: needs two regions or more`])
  return parsed.data
}

export function readPlan(file: string): PlanInput {
  return parsePlan(readFileSync(file, 'utf8'), file)
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `${path.join('.')} `
}

/** The key of the nearest thing around the problem that stands in the file. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const key = path[length - 1]
    const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined
    const node: unknown = pair?.key ?? document.getIn(path.slice(0, length), true)
    if (isNode(node)) return (node as Node).range?.[0] ?? 0
  }
  return 0
}
