import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FileError } from './file-error.ts'
import { parseScenario } from './parse-scenario.ts'
import type { Scenario } from '../schema/schema.ts'
import { didYouMean } from './suggest.ts'

/** Where the scenarios that come with the simulator are. */
const SCENARIO_FOLDER = fileURLToPath(new URL('../../../scenarios/', import.meta.url))

/** What a list of scenarios shows. */
export interface ListedScenario {
  readonly name: string
  readonly title: string
  readonly path: string
  /** Parts that do not exist yet; it cannot run before they do. */
  readonly missing: readonly string[]
}

/**
 * A scenario by the name of a built-in one, or by the path of a file. Throws {@link FileError} that says what to do when there is none
 * or when it is wrong.
 */
export function loadScenario(nameOrPath: string): Scenario {
  const isPath = /[/\\]|\.ya?ml$/.test(nameOrPath)
  const path = isPath ? nameOrPath : `${SCENARIO_FOLDER}${nameOrPath}.yaml`
  if (!existsSync(path)) throw new FileError(nameOrPath, [unknown(nameOrPath, isPath)])
  return parseScenario(readFileSync(path, 'utf8'), isPath ? path : basename(path))
}

function unknown(nameOrPath: string, isPath: boolean): string {
  if (isPath) return `there is no file ${nameOrPath}`
  const meant = didYouMean(nameOrPath, scenarioNames()) || '.'
  return `there is no scenario "${nameOrPath}"${meant} \`concord sim list\` shows all; a file of your own is named by its path, as ./${nameOrPath}.yaml`
}

/** Those that come with the simulator, in the order of their names. */
export function listScenarios(): ListedScenario[] {
  return scenarioNames().map((name) => {
    const scenario = loadScenario(name)
    return { name, title: scenario.title, path: `${SCENARIO_FOLDER}${name}.yaml`, missing: missingParts(scenario) }
  })
}

/** What the scenario of a plan says about itself; undefined when its file is not there, or is about something else by now. */
export function aboutScenario(nameOrPath: string, title: string): string | undefined {
  try {
    const scenario = loadScenario(nameOrPath)
    return scenario.title === title ? scenario.about : undefined
  } catch (error) {
    if (error instanceof FileError) return undefined
    throw error
  }
}

/** Parts that a scenario needs and that do not exist yet. */
export function missingParts({ requires }: Scenario): readonly string[] {
  return [...new Set(requires.map(({ part }) => part))]
}

function scenarioNames(): string[] {
  return readdirSync(SCENARIO_FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort()
}
