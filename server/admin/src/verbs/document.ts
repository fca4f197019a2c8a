import { timestampDate } from '@bufbuild/protobuf/wkt'
import { ContentFormat, type Document, DocumentView, Role } from '@concord/proto'
import type { Arguments, Command, Io } from '../command/command.ts'
import { EXIT, type ExitCode, usageError } from '../command/exit.ts'
import { columns } from '../command/help.ts'
import { closest } from '../command/suggest.ts'
import { calling, type Connection, CONNECTION_OPTIONS, connectTo, documentName } from '../connection.ts'

type Action = (connection: Connection, args: Arguments, io: Io) => Promise<void>

const FORMATS = { text: ContentFormat.TEXT, html: ContentFormat.HTML, markdown: ContentFormat.MARKDOWN } as const
const ROLE_BY_NAME = new Map([['viewer', Role.VIEWER], ['commenter', Role.COMMENTER], ['editor', Role.EDITOR], ['owner', Role.OWNER]])
const ACTIONS: ReadonlyMap<string, Action> = new Map([['create', create], ['list', list], ['get', get], ['share', share], ['delete', remove]])

export const document: Command = {
  usage: `document create [ID] | list | get ID | share ID USER ROLE | delete ID [options]`,
  options: {
    title: { kind: 'text', doc: 'title of a new document' },
    format: { kind: 'text', doc: 'content as text, html or markdown (default: text)' },
    ...CONNECTION_OPTIONS,
  },
  async run(args, io): Promise<ExitCode> {
    const [name = ''] = args.positionals
    const action = ACTIONS.get(name)
    if (action === undefined) {
      const meant = closest(name, [...ACTIONS.keys()])
      throw usageError(`document takes ${[...ACTIONS.keys()].join(', ')}${meant === undefined || name === '' ? '' : `; did you mean ${meant}?`}`)
    }
    await calling(() => action(connectTo(args, io), args, io))
    return EXIT.ok
  },
}

async function create({ documents }: Connection, args: Arguments, io: Io): Promise<void> {
  const id = args.positionals[1]?.replace(/^documents\//, '') ?? ''
  const { document } = await documents.createDocument({ documentId: id, document: { title: args.text('title') ?? id, type: 'text' } })
  io.result(described(document), document?.name ?? '')
}

async function list({ documents }: Connection, _: Arguments, io: Io): Promise<void> {
  const found: Document[] = []
  for (let pageToken = ''; ; ) {
    const page = await documents.listDocuments({ pageSize: 1_000, pageToken })
    found.push(...page.documents)
    pageToken = page.nextPageToken
    if (pageToken === '') break
  }
  const rows = found.map(({ name, title, version, role }) => [name, `${roleName(role).padEnd(9)}  version ${version}  ${title}`] as const)
  io.result(found.map(described), rows.length === 0 ? 'no documents' : columns(rows))
}

async function get({ documents }: Connection, args: Arguments, io: Io): Promise<void> {
  const format = FORMATS[(args.text('format') ?? 'text') as keyof typeof FORMATS] as ContentFormat | undefined
  if (format === undefined) throw usageError(`--format takes ${Object.keys(FORMATS).join(', ')}`)
  const { document } = await documents.getDocument({ name: documentName(args.positionals[1]), view: DocumentView.FULL, format })
  const content = document?.content?.content
  const text = content === undefined || content.case === 'runs' || content.case === undefined ? '' : content.value
  io.result({ ...described(document), content: text }, text)
}

async function share({ documents }: Connection, args: Arguments, io: Io): Promise<void> {
  const [, id, userId, name = ''] = args.positionals
  const role = ROLE_BY_NAME.get(name)
  if (userId === undefined || role === undefined) throw usageError(`share takes a document, a user and a role (${[...ROLE_BY_NAME.keys()].join(', ')})`)
  const target = documentName(id)
  await documents.setGrant({ document: target, grant: { userId, role } })
  io.result({ document: target, userId, role: name }, `${userId} is now ${name} of ${target}`)
}

async function remove({ documents }: Connection, args: Arguments, io: Io): Promise<void> {
  const name = documentName(args.positionals[1])
  await documents.deleteDocument({ name })
  io.result({ deleted: name }, `deleted ${name}`)
}

function described(document: Document | undefined) {
  if (document === undefined) return undefined
  const { name, title, type, version, role, createTime, updateTime, creator } = document
  const time = (value: typeof createTime): string | undefined => (value === undefined ? undefined : timestampDate(value).toISOString())
  return { name, title, type, version: Number(version), role: roleName(role), creator, created: time(createTime), updated: time(updateTime) }
}

function roleName(role: Role): string {
  return [...ROLE_BY_NAME].find(([, value]) => value === role)?.[0] ?? 'none'
}
