import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readPlan } from './parse-plan.ts'
import type { PlanInput } from './plan-schema.ts'

const FOLDER = fileURLToPath(new URL('../presets/', import.meta.url))

/** Names of the presets that come along: one per source document. */
export function presetNames(): string[] {
  return readdirSync(FOLDER).filter((file) => file.endsWith('.yaml')).map((file) => file.replace('.yaml', '')).sort()
}

export function presetFile(name: string): string {
  return `${FOLDER}${name}.yaml`
}

/** @throws {FileError} when the file of the preset is wrong */
export function readPreset(name: string): PlanInput {
  return readPlan(presetFile(name))
}
