import { basename } from 'node:path'
import { children, field, type Finding, finding, isTest, lineAt, nameIn, type Node, type SourceFile, visitNodes } from './source-file.ts'

const MAX_FILE_LINES = 400
const MAX_FUNCTION_LINES = 60

export function fileLength(file: SourceFile): Finding[] {
  const lines = file.text.trimEnd().split('\n').length
  return lines > MAX_FILE_LINES ? [{ path: file.path, line: lines, what: `${lines} lines, more than ${MAX_FILE_LINES}` }] : []
}

/** A `describe` is a folder, not a function; everything else that is called has a limit. */
export function functionLength(file: SourceFile): Finding[] {
  const found: Finding[] = []
  visitNodes(file.program, (node, ancestors) => {
    if (!/Function/.test(node.type) || node.type.startsWith('TS') || isDescribe(ancestors.at(-1))) return
    const lines = lineAt(file, node.end) - lineAt(file, node.start) + 1
    if (lines > MAX_FUNCTION_LINES) found.push(finding(file, node, `function of ${lines} lines, more than ${MAX_FUNCTION_LINES}`))
  })
  return found
}

function isDescribe(parent: Node | undefined): boolean {
  if (parent?.type !== 'CallExpression') return false
  let [callee] = children(parent, 'callee')
  while (callee !== undefined && callee.type !== 'Identifier') callee = children(callee, callee.type === 'CallExpression' ? 'callee' : 'object')[0]
  return callee !== undefined && /^describe/.test(String(field(callee, 'name')))
}

export function anyType(file: SourceFile): Finding[] {
  const found: Finding[] = []
  visitNodes(file.program, (node) => {
    if (node.type === 'TSAnyKeyword') found.push(finding(file, node, 'any: say what it is, or unknown'))
  })
  return found
}

export function defaultExport(file: SourceFile): Finding[] {
  const found: Finding[] = []
  visitNodes(file.program, (node) => {
    const renamed = node.type === 'ExportSpecifier' && nameIn(node, 'exported') === 'default'
    if (node.type === 'ExportDefaultDeclaration' || renamed) found.push(finding(file, node, 'default export: name it'))
  })
  return found
}

/** Spelled in pieces, so that this file does not find itself. */
const MARKS = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`)

export function unfinishedMarks(file: SourceFile): Finding[] {
  return file.comments.filter(({ value }) => MARKS.test(value)).map((comment) => finding(file, comment, 'unfinished: finish it, or say in an issue what is missing'))
}

/** A test that is switched off proves nothing; `skipIf` says why and is allowed. */
export function switchedOffTests(file: SourceFile): Finding[] {
  const found: Finding[] = []
  if (!isTest(file.path)) return found
  visitNodes(file.program, (node) => {
    const property = node.type === 'MemberExpression' ? nameIn(node, 'property') : undefined
    if (property === undefined || !['skip', 'only', 'todo', 'fails'].includes(property)) return
    if (['test', 'it', 'describe'].includes(nameIn(node, 'object') ?? '')) found.push(finding(file, node, `.${property}: run it or remove it`))
  })
  return found
}

export function kebabCase(file: SourceFile): Finding[] {
  const ok = file.path.split('/').every((part) => /^[a-z0-9]+([-.][a-z0-9]+)*$/.test(part))
  return ok ? [] : [{ path: file.path, line: 1, what: `${basename(file.path)}: names are kebab-case` }]
}
