import { readFileSync } from 'node:fs'
import type { Problem } from '../../scenario/file/problem.ts'
import { parseYaml } from '../../scenario/file/yaml-file.ts'
import { planSchema, type PlanInput } from './plan-schema.ts'

/** Reads what a plan is made from. @throws {FileError} with place, key and what would be right, for each problem */
export function parsePlan(text: string, file: string): PlanInput {
  return parseYaml(text, file, planSchema, contradictions)
}

export function readPlan(file: string): PlanInput {
  return parsePlan(readFileSync(file, 'utf8'), file)
}

function contradictions({ regions, survives }: PlanInput): Problem[] {
  const shares = regions.reduce((sum, { share }) => sum + share, 0)
  return [
    ...(Math.abs(shares - 1) > 0.01 ? [{ path: ['regions'], isKey: true, message: `the shares of regions add up to ${shares.toFixed(2)}, not to 1` }] : []),
    ...(survives.region && regions.length < 2 ? [{ path: ['survives'], isKey: true, message: 'survives.region needs two regions or more' }] : []),
  ]
}
