import { posix } from 'node:path'
import { importsOf } from './imports.ts'
import { field, type Finding, finding, isTest, type SourceFile, visitNodes } from './source-file.ts'

/** What takes other rules than those of production, or holds them. */
const SWITCHES = new Set(['composeWithRules', 'connectWithRules', 'RULES_OFF'])

/** Where they are made and handed to tests. */
const DOORS = ['server/src/compose.ts', 'sdk/client/src/client.ts', 'sdk/client/src/testing.ts', 'sdk/client/src/session/rules-off.ts']

/** No production build can switch a rule off or plant a bug: nothing but tests and the simulator, which is one, names what could. */
export function switches(file: SourceFile): Finding[] {
  if (isTest(file.path) || file.path.startsWith('sim/') || DOORS.includes(file.path)) return []
  const found = new Map<number, Finding>()
  const tell = (one: Finding): void => void (found.has(one.line) || found.set(one.line, one))
  for (const { specifier, node } of importsOf(file)) if (isDoor(file.path, specifier)) tell(finding(file, node, `only tests and the simulator import ${specifier}`))
  visitNodes(file.program, (node) => {
    const name = String(field(node, node.type === 'Literal' ? 'value' : 'name'))
    if (SWITCHES.has(name)) tell(finding(file, node, `only tests and the simulator name ${name}`))
  })
  return [...found.values()]
}

/** The SDK's entry for tests, its rules switched off, or the planted bugs, however they are written. */
function isDoor(from: string, specifier: string): boolean {
  const path = specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : specifier
  return DOORS.slice(2).includes(path) || path === '@concord/client/testing' || /^(@concord\/sim|sim\/src)\/bugs\//.test(path)
}
