import { posix } from 'node:path'
import { importsOf } from './imports.ts'
import { field, type Finding, finding, isTest, nameIn, type SourceFile, visitNodes } from './source-file.ts'

/** What takes other rules than those of production, or holds them. */
const SWITCHES = new Set(['composeWithRules', 'connectWithRules', 'RULES_OFF'])

/** Where they are made and handed to tests. */
const DOORS = ['server/src/compose.ts', 'sdk/client/src/client.ts', 'sdk/client/src/testing.ts', 'sdk/client/src/session/rules-off.ts']

/** What a server or an SDK is built from. Benches and generators may use the helpers of tests, and take no rules. */
const IS_BUILT = /^(server|sdk\/[^/]+)\/src\/(?!.*\.bench\.ts$)/

/** Tests, the simulator, which is one, and what writes about it: none is part of a build. */
function isOutsideOfBuilds(path: string): boolean {
  return isTest(path) || /^(sim|docs)\//.test(path)
}

/** No production build can switch a rule off or plant a bug: nothing that is built names what could. */
export function switches(file: SourceFile): Finding[] {
  if (isOutsideOfBuilds(file.path) || DOORS.includes(file.path)) return []
  const found = new Map<number, Finding>()
  const tell = (one: Finding): void => void (found.has(one.line) || found.set(one.line, one))
  for (const { specifier, node } of importsOf(file)) if (isDoor(file.path, specifier)) tell(finding(file, node, `only tests and the simulator import ${specifier}`))
  visitNodes(file.program, (node) => {
    const name = String(field(node, node.type === 'Literal' ? 'value' : 'name'))
    if (SWITCHES.has(name)) tell(finding(file, node, `only tests and the simulator name ${name}`))
    if (node.type === 'SpreadElement' && nameIn(node, 'argument') === 'RULES') tell(finding(file, node, 'only tests and the simulator make other rules out of RULES'))
    if (node.type === 'ExportAllDeclaration' && DOORS.includes(pathOf(file.path, nameIn(node, 'source') ?? ''))) tell(finding(file, node, 'names what it hands on, so that no switch is among it'))
  })
  return [...found.values()]
}

/** The SDK's entry for tests, its rules switched off, the planted bugs, or a helper of tests, however they are written. */
function isDoor(from: string, specifier: string): boolean {
  const path = pathOf(from, specifier)
  return DOORS.slice(2).includes(path) || path === '@concord/client/testing' || /^sim\/src\/bugs\//.test(path) || (IS_BUILT.test(from) && isTest(path))
}

/** Below the root of the repository, where it can be told. */
function pathOf(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  const [, workspace, path = ''] = /^@concord\/(server|sim)\/(.+)/.exec(specifier) ?? []
  if (workspace === undefined) return specifier
  return path.startsWith('contract/') ? `${workspace}/${path}.ts` : `${workspace}/src/${path}.ts`
}
