import { REASONS, type WireError } from '@concord/protocol'
import type { ServerResponse } from 'node:http'
import type { NodeResponse } from '../one-port.ts'

/** A whole HTTP answer. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export function text(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }, body }
}

export function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' }, body: JSON.stringify(body) }
}

/** A failure for those who speak plain HTTP: the same code and reason as everywhere. */
export function refusal(status: number, error: WireError): Answer {
  return json(status, { code: REASONS[error.reason].code, reason: error.reason, message: error.message })
}

export function send(response: NodeResponse, { status, headers, body }: Answer, withBody = true): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const length = status === 304 || status === 204 ? {} : { 'content-length': String(bytes.length) }
  // The two servers' responses differ in types TypeScript cannot call through; what they do is the same.
  const plain = response as ServerResponse
  plain.writeHead(status, { 'x-content-type-options': 'nosniff', ...headers, ...length })
  if (withBody && status !== 304) plain.end(bytes)
  else plain.end()
}
