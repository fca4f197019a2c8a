import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Runtime, systemRuntime } from '@concord/runtime'
import { developmentAuthenticator, issueToken, type TokenRequest } from '../../adapters/jose/development-tokens.ts'
import { openMemoryStores } from '../../adapters/memory/open-memory-stores.ts'
import { createFrameCodec } from '../../codec/shared-frame.ts'
import type { Authenticator, Telemetry } from '../../ports/index.ts'
import { Edge, type EdgeOptions } from '../edge.ts'
import { EDGE_LIMITS, type EdgeLimits } from '../edge-limits.ts'
import { FakeHub } from './fake-hub.ts'

const SECRET = new Uint8Array(32).fill(7)

export interface TestEdge {
  readonly url: string
  readonly port: number
  readonly hub: FakeHub
  readonly edge: Edge
  readonly stores: ReturnType<typeof openMemoryStores>
  readonly logged: string[]
  readonly counted: string[]
  token(request?: Partial<TokenRequest>): Promise<string>
  /** A document with its owner in the store and in the fake hub. */
  create(id: string, owner?: string): Promise<void>
  close(): Promise<void>
}

export interface TestEdgeOptions extends Partial<Omit<EdgeOptions, 'limits'>> {
  readonly limits?: Partial<EdgeLimits>
  readonly authenticator?: Authenticator
  readonly runtime?: Runtime
  /** False: no port, connections are handed over. */
  readonly listens?: boolean
}

/** A real listening edge on a free port, in front of a fake core. */
export async function testEdge({ limits, authenticator, runtime = systemRuntime, listens = true, ...options }: TestEdgeOptions = {}): Promise<TestEdge> {
  const page = mkdtempSync(join(tmpdir(), 'concord-page-'))
  const codec = createFrameCodec()
  const hub = new FakeHub(codec.frame)
  const stores = openMemoryStores()
  const logged: string[] = []
  const counted: string[] = []
  const telemetry: Telemetry = {
    log: (level, message, fields) => void logged.push(`${level} ${message} ${JSON.stringify(fields)}`),
    count: (metric) => void counted.push(metric),
    observe: () => undefined,
    gauge: () => undefined,
  }
  const { documents, opLog, snapshots } = stores
  const services = { sessions: hub, presence: hub, access: hub, documents, opLog, snapshots, telemetry, runtime, authenticator: authenticator ?? developmentAuthenticator(SECRET) }
  const issue = (user: string, name: string): Promise<string> => issueToken(SECRET, { user, name }, Date.now())
  const edge = new Edge(services, {
    host: '127.0.0.1',
    port: 0,
    origins: [],
    development: true,
    page,
    issueToken: ({ user, name }) => issue(user, name),
    ...options,
    limits: { ...EDGE_LIMITS, ...limits },
  })
  if (!listens) edge.begin()
  const { port } = listens ? await edge.listen() : { port: 0 }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    hub,
    edge,
    stores,
    logged,
    counted,
    token: (request = {}) => issueToken(SECRET, { user: 'ada', ...request }, Date.now()),
    create: async (id, owner = 'ada') => {
      const key = { tenant: 'local', id }
      await documents.create(key, { title: id, type: 'text', creator: owner, at: Date.now() })
      hub.add(key)
    },
    close: async () => {
      await edge.close(200)
      rmSync(page, { recursive: true, force: true })
    },
  }
}
