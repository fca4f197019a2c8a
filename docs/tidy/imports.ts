import { posix } from 'node:path'
import { children, field, type Finding, finding, isTest, type Node, type SourceFile, visitNodes } from './source-file.ts'

/** A part of the system, the folder that holds it, and the parts and packages it may import. `*` stands for any package from outside. */
interface Part {
  readonly name: string
  readonly folder: string
  readonly may: readonly string[]
}

const SDKS = ['ot', 'runtime', 'proto', 'protocol', 'client', 'service', 'prosemirror']
const SERVER = ['ports', 'codec', 'core', 'rpc', 'adapters', 'config']

/** Imports run one way. Longer folders stand first, because the first match names a file's part. */
export const PARTS: readonly Part[] = [
  { name: 'ot', folder: 'sdk/ot/src/', may: [] },
  { name: 'runtime', folder: 'sdk/runtime/src/', may: [] },
  { name: 'proto', folder: 'sdk/proto/src/', may: ['@bufbuild/protobuf'] },
  { name: 'protocol', folder: 'sdk/protocol/src/', may: ['ot', 'proto', '@bufbuild/protobuf'] },
  { name: 'client', folder: 'sdk/client/src/', may: ['ot', 'runtime', 'proto', 'protocol', '@bufbuild/protobuf', '@connectrpc/connect', '@connectrpc/connect-web'] },
  { name: 'service', folder: 'sdk/service/src/', may: ['ot', 'runtime', 'protocol', '@bufbuild/protobuf', '@grpc/grpc-js'] },
  { name: 'prosemirror', folder: 'sdk/prosemirror/src/', may: ['ot', 'runtime', 'protocol', 'client', '*'] },
  { name: 'editor', folder: 'sdk/editor/', may: [...SDKS, '*', 'node:'] },
  { name: 'ports', folder: 'server/src/ports/', may: ['ot', 'runtime', 'protocol'] },
  { name: 'codec', folder: 'server/src/codec/', may: ['ot', 'proto', 'protocol', 'ports', 'core', '@bufbuild/protobuf'] },
  { name: 'core', folder: 'server/src/core/', may: ['ot', 'runtime', 'protocol', 'ports'] },
  { name: 'rpc', folder: 'server/src/rpc/', may: ['ot', 'runtime', 'proto', 'protocol', 'ports', 'codec', 'core', '*', 'node:'] },
  { name: 'adapters', folder: 'server/src/adapters/', may: ['runtime', 'protocol', 'ports', '*', 'node:'] },
  { name: 'config', folder: 'server/src/config', may: ['node:'] },
  { name: 'compose', folder: 'server/src/compose', may: [...SDKS, ...SERVER, '*', 'node:'] },
  { name: 'main', folder: 'server/src/', may: [...SDKS, ...SERVER, 'compose', '*', 'node:'] },
  { name: 'verify', folder: 'server/admin/src/verify/', may: ['proto'] },
  { name: 'command', folder: 'server/admin/src/command/', may: ['cli-progress', 'node:'] },
  { name: 'admin-sim', folder: 'server/admin/src/verbs/sim/', may: ['command', 'sim', 'node:'] },
  { name: 'admin', folder: 'server/admin/', may: [...SDKS, 'command', 'verify', 'admin-sim', '*', 'node:'] },
  { name: 'sim', folder: 'sim/', may: [...SDKS, ...SERVER, 'compose', 'main', '*', 'node:'] },
  { name: 'loadtest', folder: 'loadtest/', may: [...SDKS, '*', 'node:'] },
]

export interface Import {
  /** As written. */
  readonly specifier: string
  /** A part, `node:`, or the name of a package from outside. */
  readonly target: string
  readonly node: Node
}

export function partOf(path: string): Part | undefined {
  return PARTS.find(({ folder }) => path.startsWith(folder))
}

/** What a file imports, statically or not. */
export function importsOf(file: SourceFile): Import[] {
  const found: Import[] = []
  visitNodes(file.program, (node) => {
    const [source] = children(node, 'source')
    if (source?.type !== 'Literal') return
    const specifier = String(field(source, 'value'))
    found.push({ specifier, target: targetOf(file.path, specifier), node })
  })
  return found
}

function targetOf(from: string, specifier: string): string {
  if (specifier.startsWith('.')) {
    const path = posix.join(posix.dirname(from), specifier)
    return partOf(path)?.name ?? path
  }
  if (specifier.startsWith('node:')) return 'node:'
  const [scope, name, ...rest] = specifier.split('/')
  if (scope !== '@concord') return scope?.startsWith('@') === true ? `${scope}/${name}` : String(scope)
  if (name === 'server') return partOf(`server/src/${rest.join('/')}`)?.name ?? 'main'
  return name === 'cli' ? 'admin' : String(name)
}

/** Imports run one way: each part imports what its row names and nothing else. */
export function importDirections(file: SourceFile): Finding[] {
  const part = partOf(file.path)
  if (part === undefined || isTest(file.path)) return []
  return importsOf(file)
    .filter(({ target }) => target !== part.name && !part.may.includes(target) && !(part.may.includes('*') && isOutside(target)))
    .map(({ specifier, node }) => finding(file, node, `${part.name} must not import ${specifier}`))
}

function isOutside(target: string): boolean {
  return target !== 'node:' && !PARTS.some(({ name }) => name === target) && !target.includes('/src/')
}
