import { brokenReferences } from './references.ts'
import { type Scenario, scenarioSchema } from '../schema/schema.ts'
import { parseYaml } from './yaml-file.ts'

/** Reads a scenario. @throws {FileError} that names every problem, with its place */
export function parseScenario(text: string, file: string): Scenario {
  return parseYaml(text, file, scenarioSchema, brokenReferences)
}
