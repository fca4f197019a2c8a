import { children, field, isTest, type Node, type SourceFile, visitNodes } from '../tidy/source-file.ts'

/** A numbered rule of `docs/spec.md`. */
export interface Rule {
  /** As `R7`. */
  readonly id: string
  readonly title: string
  /** False while its `Status:` line says which part of the project it waits for. */
  readonly built: boolean
}

/** Test names by the rule they begin with. */
export type Proofs = ReadonlyMap<string, readonly string[]>

export function readRules(spec: string): Rule[] {
  const sections = spec.split(/^### /m).slice(1)
  return sections.map((section) => {
    const [, id = '', title = ''] = /^([RP]\d+) (.*)/.exec(section) ?? []
    return { id, title, built: !/^Status:/m.test(section) }
  })
}

/** Names of tests and groups of tests that begin with rules, as `R2 R3 ...`. */
export function readProofs(sources: readonly SourceFile[]): Proofs {
  const proofs = new Map<string, string[]>()
  for (const file of sources.filter(({ path }) => isTest(path))) {
    visitNodes(file.program, (node) => {
      const name = testName(node)
      for (const id of name === undefined ? [] : rulesIn(name)) proofs.set(id, [...(proofs.get(id) ?? []), `${file.path}: ${name}`])
    })
  }
  return proofs
}

/** `R7 dedupe: ...` proves R7; `R2 R3: ...` and `R2, R3 and R8 ...` prove all they name. */
export function rulesIn(name: string): string[] {
  const [beginning = ''] = /^(?:[RP]\d+\b(?:,| and|:)? ?)*/.exec(name) ?? []
  return beginning.match(/[RP]\d+/g) ?? []
}

function testName(node: Node): string | undefined {
  if (node.type !== 'CallExpression' || !/^(test|it|describe)/.test(rootName(node))) return undefined
  const [first] = children(node, 'arguments')
  if (first?.type === 'TemplateLiteral') return templateStart(first)
  return first?.type === 'Literal' ? String(field(first, 'value')) : undefined
}

function templateStart(template: Node): string {
  const [quasi] = children(template, 'quasis')
  return quasi === undefined ? '' : (field(quasi, 'value') as { readonly cooked: string }).cooked
}

/** `test` of `test.each(rows)(...)`. */
function rootName(call: Node): string {
  let node: Node | undefined = call
  while (node !== undefined && node.type !== 'Identifier') node = children(node, node.type === 'CallExpression' ? 'callee' : node.type === 'TaggedTemplateExpression' ? 'tag' : 'object')[0]
  return node === undefined ? '' : String(field(node, 'name'))
}
