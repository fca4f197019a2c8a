import { children, field, type Finding, finding, isTest, nameIn, type Node, type SourceFile, visitNodes } from './source-file.ts'

/** Time, timers, randomness and ids come in by the ports of `@concord/runtime`, or a run could not be repeated. */
const BANNED_NAMES = new Set(['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'performance', 'FinalizationRegistry', 'WeakRef'])
const BANNED_MEMBERS = new Set([
  ...['Date.now', 'Temporal.Now', 'AbortSignal.timeout', 'Math.random', 'crypto.randomUUID', 'crypto.randomUUIDv7', 'crypto.randomBytes', 'crypto.getRandomValues', 'crypto.subtle'],
  ...['process.nextTick', 'process.hrtime', 'process.uptime', 'process.cpuUsage', 'process.memoryUsage'],
])
const BANNED_MODULES = new Set(['node:timers', 'node:timers/promises', 'node:perf_hooks'])
const BANNED_IMPORTS = new Set(['randomBytes', 'randomUUID', 'randomUUIDv7', 'randomInt', 'randomFill', 'randomFillSync', 'getRandomValues', 'webcrypto', 'subtle'])
/** What a run under virtual time must not touch besides: a file is read when a disk is done. */
const BANNED_IN_RUNS = /^(node:)?(fs|child_process|worker_threads|dns|os)(\/promises)?$/

/** The server outside adapters and process edge, and every SDK. The page is an application and may use the browser's clock. */
export function mustBePure(path: string): boolean {
  if (isTest(path)) return false
  if (isUnderVirtualTime(path)) return true
  return /^sdk\/(ot|runtime|proto|protocol|client|service|prosemirror)\/src\//.test(path) || /^server\/src\/(ports|codec|core|rpc)\//.test(path)
}

/** The parts of the simulator that run inside a run. What starts runs, and shows them, lives with the clock on the wall. */
export function isUnderVirtualTime(path: string): boolean {
  return !isTest(path) && /^sim\/src\/((kernel|network|fakes|node|run|actors|checkers|scenario|plan|bugs|shrink)\/|capacity\/(fleet\/|costs\.|calibration\.))/.test(path)
}

export function ambient(file: SourceFile): Finding[] {
  if (!mustBePure(file.path)) return []
  const found: Finding[] = []
  visitNodes(file.program, (node, ancestors) => {
    const what = ambientName(node, ancestors.at(-1)) ?? (isUnderVirtualTime(file.path) ? importInRun(node) : undefined)
    if (what !== undefined) found.push(finding(file, node, `${what} is ambient: take it from @concord/runtime`))
  })
  return found
}

function ambientName(node: Node, parent: Node | undefined): string | undefined {
  switch (node.type) {
    case 'Identifier':
      return parent !== undefined && isReference(node, parent) && BANNED_NAMES.has(nameOf(node)) ? nameOf(node) : undefined
    case 'MemberExpression':
      return ambientMember(node)
    case 'NewExpression':
      return nameIn(node, 'callee') === 'Date' && children(node, 'arguments').length === 0 ? 'new Date()' : undefined
    case 'CallExpression':
      return nameIn(node, 'callee') === 'Date' ? 'Date()' : undefined
    case 'ImportDeclaration':
      return ambientImport(node)
    default:
      return undefined
  }
}

function ambientMember(node: Node): string | undefined {
  const property = nameIn(node, 'property')
  if (property === undefined) return undefined
  const object = nameIn(node, 'object')
  if (object === 'globalThis' || object === 'window') return BANNED_NAMES.has(property) ? property : undefined
  if (BANNED_MEMBERS.has(`${memberObject(node)}.${property}`)) return `${memberObject(node)}.${property}`
  return undefined
}

/** `crypto` of `crypto.x` and of `globalThis.crypto.x` alike. */
function memberObject(node: Node): string | undefined {
  const [object] = children(node, 'object')
  return object?.type === 'MemberExpression' && nameIn(object, 'object') === 'globalThis' ? nameIn(object, 'property') : nameIn(node, 'object')
}

function ambientImport(node: Node): string | undefined {
  const module = nameIn(node, 'source') ?? ''
  if (BANNED_MODULES.has(module)) return module
  if (!/^(node:)?crypto$/.test(module)) return undefined
  return children(node, 'specifiers').map((specifier) => nameIn(specifier, 'imported') ?? 'webcrypto').find((name) => BANNED_IMPORTS.has(name))
}

/** Import declarations, re-exports and `import()` alike. */
function importInRun(node: Node): string | undefined {
  const module = nameIn(node, 'source')
  return module !== undefined && BANNED_IN_RUNS.test(module) ? module : undefined
}

/** False where a name is only a label: after a dot, as a key, as a parameter's or type's name. */
function isReference(node: Node, parent: Node): boolean {
  const isLabel = ['property', 'key', 'label'].some((key) => children(parent, key).includes(node)) && field(parent, 'computed') !== true && field(parent, 'shorthand') !== true
  return !isLabel && !/^TS|Specifier$/.test(parent.type)
}

function nameOf(node: Node): string {
  return String(field(node, 'name'))
}
