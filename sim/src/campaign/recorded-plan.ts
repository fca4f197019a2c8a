import { readFileSync } from 'node:fs'
import type { Plan } from '../plan/plan.ts'
import { FileError } from '../scenario/file/file-error.ts'
import { parsePlan } from '../scenario/file/parse-plan.ts'

/** A plan in a file: bare, or with what its run gave and where. Results and regressions are such files too. */
export interface RecordedPlan {
  readonly plan: Plan
  /** Of the run. */
  readonly hash?: string
  readonly commit?: string
  readonly node?: string
}

/** Reads what `sim run --plan-out`, a campaign or `sim shrink` wrote. Throws {@link FileError} that says what is wrong. */
export function readRecordedPlan(path: string): RecordedPlan {
  const value = readJson(path)
  const isRecord = typeof value === 'object' && value !== null && 'plan' in value
  const { hash, commit, node } = (isRecord ? value : {}) as Partial<RecordedPlan>
  const plan = parsePlan(JSON.stringify(isRecord ? value.plan : value), path)
  return { plan, ...(hash === undefined ? {} : { hash }), ...(commit === undefined ? {} : { commit }), ...(node === undefined ? {} : { node }) }
}

function readJson(path: string): unknown {
  const text = readText(path)
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new FileError(path, [`${path} is not JSON: ${(error as Error).message}`])
  }
}

/** Throws {@link FileError} when there is no such file. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new FileError(path, [`there is no file ${path}, or it cannot be read`])
  }
}
