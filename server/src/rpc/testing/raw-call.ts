import { type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2'
import { decodeStatus, type Reason, reasonOfCode } from '@concord/protocol'
import { codeFromString } from '@connectrpc/connect/protocol-connect'

export type RawProtocol = 'connect-unary' | 'connect' | 'grpc' | 'grpc-web'

export interface RawAnswer {
  /** Number of the google.rpc.Code; 0 when the call succeeded. */
  readonly code: number
  readonly reason: Reason | undefined
  readonly message: string
  readonly headers: IncomingHttpHeaders
}

const TYPES: Readonly<Record<RawProtocol, string>> = { 'connect-unary': 'application/proto', connect: 'application/connect+proto', grpc: 'application/grpc+proto', 'grpc-web': 'application/grpc-web+proto' }

/** Sends exactly these bytes as the body of one call and reads how it ended. The body is not closed when `keepOpen`. */
export function rawCall(url: string, path: string, protocol: RawProtocol, body: Uint8Array, headers: Record<string, string> = {}, keepOpen = false): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    // Node's client counts what it has not sent yet against its session's memory, and would refuse the answer.
    const session = connect(url, { maxSessionMemory: 64 })
    session.on('error', reject)
    const stream = session.request({ ':method': 'POST', ':path': `/${path}`, 'content-type': TYPES[protocol], 'connect-protocol-version': '1', te: 'trailers', ...headers })
    stream.on('error', () => undefined)
    stream.write(body)
    if (!keepOpen) stream.end()
    void answerOf(stream, protocol).then((answer) => {
      session.destroy()
      resolve(answer)
    }, reject)
  })
}

async function answerOf(stream: ClientHttp2Stream, protocol: RawProtocol): Promise<RawAnswer> {
  const chunks: Buffer[] = []
  let headers: IncomingHttpHeaders = {}
  let trailers: IncomingHttpHeaders = {}
  stream.on('response', (found) => (headers = found)).on('trailers', (found) => (trailers = found)).on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise((resolve) => stream.once('end', resolve).once('close', resolve))
  // Trailers follow the end of the body.
  await new Promise((resolve) => setImmediate(resolve))
  return { headers, ...endOf(protocol, headers, trailers, Buffer.concat(chunks)) }
}

type End = Omit<RawAnswer, 'headers'>

function endOf(protocol: RawProtocol, headers: IncomingHttpHeaders, trailers: IncomingHttpHeaders, body: Buffer): End {
  switch (protocol) {
    case 'connect-unary':
      return String(headers[':status']) === '200' ? { code: 0, reason: undefined, message: '' } : connectError(JSON.parse(body.toString()) as ConnectJson)
    case 'connect': {
      const { error } = JSON.parse(lastEnvelope(body).toString()) as { error?: ConnectJson }
      return error === undefined ? { code: 0, reason: undefined, message: '' } : connectError(error)
    }
    case 'grpc':
      return grpcError({ ...headers, ...trailers })
    case 'grpc-web': {
      if (headers['grpc-status'] !== undefined) return grpcError(headers)
      const lines = lastEnvelope(body).toString().split('\r\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
      return grpcError(Object.fromEntries(lines) as IncomingHttpHeaders)
    }
  }
}

interface ConnectJson {
  readonly code: string
  readonly message: string
  readonly details?: readonly { readonly type: string; readonly value: string }[]
}

function connectError({ code, message, details = [] }: ConnectJson): End {
  const info = details.find(({ type }) => type === 'google.rpc.ErrorInfo')
  // ErrorInfo begins with its reason: tag, length, text.
  const bytes = Buffer.from(info?.value ?? '', 'base64')
  const reason = info === undefined ? undefined : (bytes.subarray(2, 2 + (bytes[1] ?? 0)).toString() as Reason)
  return { code: codeFromString(code) ?? -1, reason, message }
}

function grpcError(headers: IncomingHttpHeaders): End {
  const code = Number(headers['grpc-status'] ?? -1)
  const details = headers['grpc-status-details-bin']
  const status = typeof details === 'string' ? decodeStatus(Buffer.from(details, 'base64')) : undefined
  return { code, reason: status?.reason ?? (code === 0 ? undefined : reasonOfCode(code)), message: decodeURIComponent(String(headers['grpc-message'] ?? '')) }
}

function lastEnvelope(body: Buffer): Buffer {
  let at = 0
  let last: Buffer = Buffer.alloc(0)
  while (at + 5 <= body.length) {
    const length = body.readUInt32BE(at + 1)
    last = body.subarray(at + 5, at + 5 + length)
    at += 5 + length
  }
  return last
}
