import type { WireError } from '@concord/protocol'
import { type Client, type ConnectOptions } from '../src/client.ts'
import { connectWithRules, type MemoryServer, MemoryTransport, RULES, type Rules } from '../src/testing.ts'
import { ReferenceServer, type ReferenceSession } from './reference-server.ts'
import type { VirtualRuntime } from './virtual-runtime.ts'

/** The reference server as a client in the same process reaches it. */
export function memoryServer(server: ReferenceServer, userId: string, reachable: () => boolean = () => true, silent: () => boolean = () => false): MemoryServer {
  return {
    openSession: async (open, wake) => {
      if (!reachable()) return { kind: 'failure', error: { reason: 'STORAGE_UNAVAILABLE', message: 'down' } }
      const session: ReferenceSession | WireError = server.open(userId, open, wake)
      if (!('kind' in session)) return { kind: 'failure', error: session }
      return {
        kind: 'session',
        receive: (frame) => {
          if (!silent()) session.receive(frame)
        },
        pull: () => session.pull(),
        get ended() {
          return session.ended
        },
        close: () => session.close(),
      }
    },
  }
}

export interface TestClient {
  readonly client: Client
  readonly transport: MemoryTransport
  /** Turns the server off for this client. */
  reachable: boolean
  /** What it says is lost without a word. */
  silent: boolean
  /** Sessions it asked for. */
  opens: number
}

export function testClient(server: ReferenceServer, runtime: VirtualRuntime, userId: string, options: Partial<ConnectOptions> = {}, rules: Rules = RULES): TestClient {
  const test = { reachable: true, silent: false, opens: 0 }
  const memory = memoryServer(server, userId, () => (test.opens++, test.reachable), () => test.silent)
  const transport = new MemoryTransport(memory, runtime)
  const client = connectWithRules({ url: 'memory:', token: async () => 'token', runtime, transport: () => transport, ...options }, rules)
  return Object.assign(test, { client, transport })
}
