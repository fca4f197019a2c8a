import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { NodeRequest } from '../one-port.ts'
import { type Answer, text } from './answer.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
}

/** Scripts, styles and connections of this origin alone; nobody frames the page; images may come from the web. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: https: http:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const SECURITY = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
}

/** Names of plain parts: nothing hidden, nothing above the folder, no other alphabet. */
const SAFE_PATH = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/
const HASHED = /[.-][A-Za-z0-9_-]{8,}\.(?:js|css|woff2|svg|png)$/
const NOT_BUILT = 'The page is not built. Run `make run`, or build the workspace sdk/editor; the API on this port works without it.\n'

/** The files of the page, as they are on disk now: it may be built while the server runs. */
export class PageFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  async answer({ method, headers }: NodeRequest, path: string): Promise<Answer> {
    // A call of a service that is not here: every gRPC client reads 404 as UNIMPLEMENTED.
    if (method !== 'GET' && method !== 'HEAD') return path === '/' ? { ...text(405, 'GET or HEAD\n'), headers: { allow: 'GET, HEAD' } } : text(404, 'not found\n')
    const wanted = path === '/' ? '/index.html' : path
    const found = SAFE_PATH.test(wanted) ? await this.#read(wanted) : undefined
    if (found !== undefined) return fileAnswer(wanted, found, headers['if-none-match'])
    // The page has addresses of its own, as /d/notes.
    const index = isPageAddress(path, headers.accept) ? await this.#read('/index.html') : undefined
    if (index !== undefined) return fileAnswer('/index.html', index, headers['if-none-match'])
    return text(404, path === '/' ? NOT_BUILT : 'not found\n')
  }

  async #read(path: string): Promise<Buffer | undefined> {
    const file = join(this.#folder, path)
    try {
      return (await stat(file)).isFile() ? await readFile(file) : undefined
    } catch {
      return undefined
    }
  }
}

function isPageAddress(path: string, accept: string | undefined): boolean {
  return extname(path) === '' && accept?.includes('text/html') === true
}

function fileAnswer(path: string, bytes: Buffer, ifNoneMatch: string | undefined): Answer {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  const cache = HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'
  const headers = { ...SECURITY, 'content-type': type, 'cache-control': cache, etag }
  const known = ifNoneMatch?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag) === true
  return known ? { status: 304, headers, body: '' } : { status: 200, headers, body: bytes }
}
