import type { TransportContext } from '../client.ts'
import type { Transport } from './transport.ts'
import { WebSocketTransport } from './websocket-transport.ts'

/** What `connect()` uses when it is not told otherwise. */
export function defaultTransport(context: TransportContext): Transport {
  return new WebSocketTransport(context)
}
