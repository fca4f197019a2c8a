import type { NodeRequest } from '../one-port.ts'
import { isUserId } from '../fields.ts'
import { loopbackHosts } from '../origins.ts'
import { type Answer, json, refusal } from './answer.ts'

/** Signs a token of a development identity. */
export type IssueToken = (identity: { readonly user: string; readonly name: string }) => Promise<string>

const MAX_BODY = 4096

/**
 * `POST /dev/token {"user": "ada", "name": "Ada"}`: who one is in development. Only the page of this server and programs
 * on this machine may ask: a foreign page shows itself by its origin, a rebound name by its host.
 */
export async function devToken(request: NodeRequest, port: number, issue: IssueToken): Promise<Answer> {
  if (request.method !== 'POST') return { ...json(405, {}), headers: { allow: 'POST' } }
  const host = 'authority' in request ? request.authority || request.headers.host : request.headers.host
  if (host === undefined || !loopbackHosts(port).includes(host) || request.headers.origin !== `http://${host}`) {
    return refusal(403, { reason: 'ORIGIN_FORBIDDEN', message: 'Origin and Host must both be the address this server listens on' })
  }
  const body = await readJson(request)
  const { user, name } = (body ?? {}) as { readonly user?: unknown; readonly name?: unknown }
  if (typeof user !== 'string' || !isUserId(user)) return refusal(400, { reason: 'FIELD_INVALID', message: 'user must be 1 to 128 of A-Z a-z 0-9 . _ @ : + -' })
  const shown = typeof name === 'string' && name !== '' ? name.slice(0, 100) : user
  return json(200, { token: await issue({ user, name: shown }), user, name: shown })
}

async function readJson(request: NodeRequest): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > MAX_BODY) return undefined
    chunks.push(chunk as Buffer)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
