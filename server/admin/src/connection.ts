import { type Client, Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { AdminService, DocumentService, HistoryService } from '@concord/proto'
import type { Arguments, Io, OptionTable } from './command/command.ts'
import { CommandError, EXIT, type ExitCode, usageError } from './command/exit.ts'

/** Options of every verb that talks to a server. */
export const CONNECTION_OPTIONS = {
  url: { kind: 'text', doc: 'the server (default: CONCORD_URL, or http://127.0.0.1:7420)' },
  token: { kind: 'text', doc: 'the token to call with (default: CONCORD_TOKEN, or a development token for --user)' },
  user: { kind: 'text', doc: 'development identity to call as (default: operator)' },
} as const satisfies OptionTable

export interface Connection {
  readonly url: string
  token(): Promise<string>
  readonly documents: Client<typeof DocumentService>
  readonly history: Client<typeof HistoryService>
  readonly admin: Client<typeof AdminService>
}

const DEFAULT_URL = 'http://127.0.0.1:7420'
const DEFAULT_USER = 'operator'

export function connectTo(args: Arguments, io: Io): Connection {
  const url = serverUrl(args, io)
  const given = args.text('token') ?? io.env['CONCORD_TOKEN']
  const token = given === undefined ? () => developmentToken(url, args.text('user') ?? DEFAULT_USER) : async () => given
  return connection(url, token)
}

export function connection(url: string, token: () => Promise<string>): Connection {
  const authorize: Interceptor = (next) => async (request) => {
    request.header.set('authorization', `Bearer ${await token()}`)
    return next(request)
  }
  const transport = createConnectTransport({ baseUrl: url, httpVersion: '2', interceptors: [authorize] })
  return {
    url,
    token,
    documents: createClient(DocumentService, transport),
    history: createClient(HistoryService, transport),
    admin: createClient(AdminService, transport),
  }
}

export function serverUrl(args: Arguments, io: Io): string {
  const text = args.text('url') ?? io.env['CONCORD_URL'] ?? DEFAULT_URL
  if (!URL.canParse(text)) throw usageError(`--url takes an address as ${DEFAULT_URL}, not ${JSON.stringify(text)}`)
  return new URL(text).origin
}

/** A token for a development identity; a server in production mode has no such call. */
export async function developmentToken(url: string, user: string): Promise<string> {
  const response = await fetch(`${url}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ user }),
  }).catch((error: unknown) => {
    throw new CommandError(EXIT.unreachable, `no server answers at ${url}: start one with \`concord serve\` (${String((error as Error).cause ?? error)})`)
  })
  if (!response.ok) throw new CommandError(EXIT.unreachable, `${url} issues no development tokens (${response.status}): give one with --token or CONCORD_TOKEN`)
  return ((await response.json()) as { readonly token: string }).token
}

/** `documents/notes` for `notes`; names are taken as they are. */
export function documentName(text: string | undefined): string {
  if (text === undefined) throw usageError('name a document, as notes or documents/notes')
  return text.startsWith('documents/') ? text : `documents/${text}`
}

/** Runs calls and turns their failures into an exit code and a sentence. */
export async function calling<T>(call: () => Promise<T>, refused: ExitCode = EXIT.checkFailed): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error
    // The token of a call is fetched on its way; that failure has its own sentence.
    if (error.cause instanceof CommandError) throw error.cause
    throw new CommandError(exitOf(error.code, refused), error.message)
  }
}

function exitOf(code: Code, refused: ExitCode): ExitCode {
  if (code === Code.Unavailable || code === Code.DeadlineExceeded) return EXIT.unreachable
  return code === Code.InvalidArgument ? EXIT.usage : refused
}
