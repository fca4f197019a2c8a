import type { TransportContext } from '../client.ts'
import { FallbackTransport } from './fallback-transport.ts'
import type { Transport } from './transport.ts'
import { WebSocketTransport } from './websocket-transport.ts'

/** What `connect()` uses when it is not told otherwise: a WebSocket, and Watch + Submit where sockets do not get through. */
export function defaultTransport(context: TransportContext): Transport {
  return new FallbackTransport(new WebSocketTransport(context), () => watchTransport(context), context.runtime)
}

/** Watch + Submit over plain HTTP. The code for it is loaded when it is needed. */
async function watchTransport({ url, token, runtime }: TransportContext): Promise<Transport> {
  const [{ callsOf }, { WatchTransport }] = await Promise.all([import('../unary.ts'), import('./watch-transport.ts')])
  return new WatchTransport(callsOf(url, token), runtime)
}
