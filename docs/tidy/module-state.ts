import { children, field, type Finding, finding, isTest, nameIn, type Node, type SourceFile, visitNodes } from './source-file.ts'

const MUTATORS = new Set(['set', 'add', 'delete', 'clear', 'push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'copyWithin'])

/**
 * No state that outlives a call at module level, in server and SDKs: two servers, or two clients, share a process in
 * tests and simulations. A module-level `const` table is fine as long as nothing in its file writes into it.
 */
export function moduleState(file: SourceFile): Finding[] {
  if (isTest(file.path) || !/^(server\/src|sdk\/[a-z]+\/src)\//.test(file.path)) return []
  const declarations = topLevelDeclarations(file)
  const variables = declarations.filter((node) => field(node, 'kind') !== 'const' && field(node, 'declare') !== true)
  const constants = new Set(declarations.flatMap((node) => children(node, 'declarations').map((declarator) => nameIn(declarator, 'id') ?? '')))
  const found = variables.map((node) => finding(file, node, `module-level ${String(field(node, 'kind'))}`))
  visitNodes(file.program, (node, ancestors) => {
    const name = writtenName(node)
    if (name !== undefined && constants.has(name) && isInFunction(ancestors)) found.push(finding(file, node, `writes into module-level ${name}`))
  })
  return found
}

function topLevelDeclarations(file: SourceFile): Node[] {
  const statements = children(file.program, 'body')
  return statements.map((node) => (node.type === 'ExportNamedDeclaration' ? (children(node, 'declaration')[0] ?? node) : node)).filter(({ type }) => type === 'VariableDeclaration')
}

/** `NAME.push()`, `NAME.x = `, `NAME[i]++`: the name that is written into. */
function writtenName(node: Node): string | undefined {
  switch (node.type) {
    case 'CallExpression': {
      const [callee] = children(node, 'callee')
      return callee?.type === 'MemberExpression' && MUTATORS.has(nameIn(callee, 'property') ?? '') ? nameIn(callee, 'object') : undefined
    }
    case 'AssignmentExpression':
    case 'UpdateExpression': {
      const [target] = children(node, node.type === 'AssignmentExpression' ? 'left' : 'argument')
      return target?.type === 'MemberExpression' ? nameIn(target, 'object') : undefined
    }
    default:
      return undefined
  }
}

/** Filling a table while the module loads is how tables are made. */
function isInFunction(ancestors: readonly Node[]): boolean {
  return ancestors.some(({ type }) => /Function/.test(type))
}
