import type { ClientHttp2Stream } from 'node:http2'
import { PassThrough } from 'node:stream'
import { Http2SessionManager } from '@connectrpc/connect-node'

/**
 * Connections whose calls may be answered at once. Node 26 looks at `closed` to see whether a stream broke before it is
 * read, and an HTTP/2 stream is closed as soon as both sides have said everything: an answer that arrives whole in one
 * read, as under load or through a proxy, is "Premature close" to whoever reads it by `for await`, as Connect does.
 */
export class WholeAnswers extends Http2SessionManager {
  override async request(...args: Parameters<Http2SessionManager['request']>): Promise<ClientHttp2Stream> {
    const stream = await super.request(...args)
    return Object.assign(stream, { [Symbol.asyncIterator]: () => through(stream)[Symbol.asyncIterator]() })
  }
}

/** The same bytes and the same end, from a stream that is closed when it is. */
function through(stream: ClientHttp2Stream): PassThrough {
  const passed = new PassThrough()
  // Connect reads an answer only once it has seen its headers, or never: what breaks before is still told to who reads then.
  passed.on('error', () => undefined)
  const broken = (): void => void passed.destroy(stream.errored ?? new Error('the stream ended too early'))
  if (stream.destroyed) broken()
  stream.once('error', broken)
  stream.once('close', () => stream.readableEnded || broken())
  stream.pipe(passed)
  return passed
}
