import { cors } from '@connectrpc/connect'
import { CORRELATION_HEADER } from '../error-map.ts'
import type { NodeRequest, NodeResponse } from '../one-port.ts'
import type { Origins } from '../origins.ts'
import { type Answer, refusal } from './answer.ts'

const ALLOWED = [...cors.allowedHeaders, 'authorization', CORRELATION_HEADER].join(', ')
const EXPOSED = [...cors.exposedHeaders, CORRELATION_HEADER].join(', ')
const DAY = '86400'

/** Marks an answer as readable by the page that asked, when its origin is on the list. */
export function allowOrigin({ headers }: NodeRequest, response: NodeResponse, origins: Origins): void {
  const { origin } = headers
  if (origin === undefined) return
  response.setHeader('vary', 'origin')
  if (!origins.has(origin)) return
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', EXPOSED)
}

/** The answer to a browser that asks before it calls; `undefined` when this is no such question. */
export function preflight({ method, headers }: NodeRequest, origins: Origins): Answer | undefined {
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return undefined
  const foreign = origins.check(headers.origin)
  if (foreign !== undefined) return refusal(403, foreign)
  const allowed = { 'access-control-allow-methods': 'POST, GET', 'access-control-allow-headers': ALLOWED, 'access-control-max-age': DAY }
  return { status: 204, headers: allowed, body: '' }
}
