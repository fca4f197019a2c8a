import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DocumentService, SyncService } from '@concord/proto'
import { type Operation } from '@concord/ot'
import { type Open, openToProto, operationToProto } from '@concord/protocol'
import { systemRuntime } from '@concord/runtime'
import { createClient, type Interceptor } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { developmentAuthenticator, issueToken, type TokenRequest } from '../../adapters/jose/development-tokens.ts'
import { openMemoryStores } from '../../adapters/memory/open-memory-stores.ts'
import { compose, type Server } from '../../compose.ts'
import type { Limits } from '../../core/limits.ts'
import type { Authenticator, Telemetry } from '../../ports/index.ts'
import { Edge } from '../edge.ts'
import { EDGE_LIMITS, type EdgeLimits } from '../edge-limits.ts'

const SECRET = new Uint8Array(32).fill(7)

export interface TestServerOptions {
  readonly edge?: Partial<EdgeLimits>
  readonly core?: Partial<Limits>
  readonly authenticator?: Authenticator
  readonly development?: boolean
  readonly origins?: readonly string[]
}

export type TestServer = Awaited<ReturnType<typeof testServer>>

/** The real core on stores in memory behind a real listening edge. */
export async function testServer({ edge: edgeLimits, core, authenticator, development = true, origins = [] }: TestServerOptions = {}) {
  const page = mkdtempSync(join(tmpdir(), 'concord-page-'))
  const logged: string[] = []
  const stores = openMemoryStores()
  const telemetry: Telemetry = { log: (level, message, fields) => void logged.push(`${level} ${message} ${JSON.stringify(fields)}`), count: () => undefined, observe: () => undefined, gauge: () => undefined }
  const server: Server = compose({ ...stores, telemetry, runtime: systemRuntime, authenticator: authenticator ?? developmentAuthenticator(SECRET) }, { limitPreset: 'loadtest', limits: core ?? {} })
  const issue = (request: Partial<TokenRequest> = {}): Promise<string> => issueToken(SECRET, { user: 'ada', ...request }, Date.now())
  let ahead = 0
  const { clock } = systemRuntime
  const runtime = { ...systemRuntime, clock: { now: clock.now, monotonic: () => clock.monotonic() + ahead } }
  const edge = new Edge({ ...server, runtime }, { host: '127.0.0.1', port: 0, origins, development, page, issueToken: ({ user, name }) => issue({ user, name }), limits: { ...EDGE_LIMITS, ...edgeLimits } })
  const { port } = await edge.listen()
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    port,
    edge,
    server,
    stores,
    logged,
    page,
    token: issue,
    /** Lets the edge's own clock jump, so that no test has to wait or to be quick. */
    pass: (ms: number) => void (ahead += ms),
    caller: async (request: Partial<TokenRequest> = {}) => caller(url, await issue(request)),
    close: async () => {
      await server.close()
      await edge.close(200)
      rmSync(page, { recursive: true, force: true })
    },
  }
}

export type Caller = ReturnType<typeof caller>

/** Unary calls of one user. */
export function caller(url: string, token: string) {
  const bearer: Interceptor = (next) => (request) => {
    request.header.set('authorization', `Bearer ${token}`)
    return next(request)
  }
  const transport = createGrpcTransport({ baseUrl: url, interceptors: [bearer] })
  const documents = createClient(DocumentService, transport)
  const sync = createClient(SyncService, transport)
  return {
    transport,
    documents,
    sync,
    create: (id: string) => documents.createDocument({ documentId: id, document: { title: id } }),
    /** Opens, submits at the head, and returns the version. */
    async edit(document: string, operation: (length: number) => Operation, length: number): Promise<number> {
      const { opened } = await sync.open({ open: openToProto(openFrame(document)) })
      if (opened === undefined) throw new Error('not opened')
      const submit = { session: opened.session, clientId: opened.clientId, seq: opened.lastSeq + 1n, baseVersion: opened.head, operation: operationToProto(operation(length)) }
      const { decision } = await sync.submit({ document, submit })
      if (decision.case !== 'ack') throw new Error(`not committed: ${JSON.stringify(decision.value?.status?.message)}`)
      return Number(decision.value.version)
    },
  }
}

export function openFrame(document: string, more: Partial<Open> = {}): Open {
  return { document, version: 0, epoch: 0, lastSeq: 0, sdk: 'test', features: [], snapshot: false, algorithms: [], ...more }
}

