import { request as httpRequest } from 'node:http'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.close())

/** As fetch, but with any Host header. */
function post(path: string, headers: Record<string, string>, body = '{"user":"ada"}', port = server.port): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, path, method: 'POST', headers: { 'content-type': 'application/json', ...headers } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

describe('POST /dev/token', () => {
  test('gives the page of this server and programs on this machine a token that works', async () => {
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
      const host = `${name}:${server.port}`
      const { status, body } = await post('/dev/token', { host, origin: `http://${host}` })
      expect(status).toBe(200)
      const { token, user } = JSON.parse(body) as { token: string; user: string }
      expect([user, (await server.server.authenticator.verify(token, Date.now())).kind]).toEqual(['ada', 'identity'])
    }
  })

  test('refuses a foreign page, a rebound name, another port, and callers that do not say who they are', async () => {
    const own = `127.0.0.1:${server.port}`
    const refused: readonly Record<string, string>[] = [
      { host: own, origin: 'https://evil.example' },
      { host: `evil.example:${server.port}`, origin: `http://evil.example:${server.port}` },
      { host: `evil.example:${server.port}`, origin: `http://${own}` },
      { host: own, origin: 'null' },
      { host: own, origin: `https://${own}` },
      { host: own, origin: 'http://127.0.0.1:1' },
      { host: own },
      { host: `localhost:${server.port}`, origin: `http://${own}` },
    ]
    for (const headers of refused) {
      const { status, body } = await post('/dev/token', headers)
      expect([status, body.includes('token"')]).toEqual([403, false])
      expect(body).toContain('ORIGIN_FORBIDDEN')
    }
  })

  test('refuses users that cannot be', async () => {
    const host = `127.0.0.1:${server.port}`
    for (const body of ['', '{', '{"user":7}', '{"user":"__proto__"}', JSON.stringify({ user: 'x'.repeat(10_000) })]) {
      expect((await post('/dev/token', { host, origin: `http://${host}` }, body)).status).toBe(400)
    }
    expect((await fetch(`${server.url}/dev/token`)).status).toBe(405)
  })

  test('is not there in production mode', async () => {
    const production = await testServer({ development: false })
    const host = `127.0.0.1:${production.port}`
    expect((await post('/dev/token', { host, origin: `http://${host}` }, undefined, production.port)).status).toBe(404)
    await production.close()
  })
})

describe('the page', () => {
  beforeAll(() => {
    mkdirSync(join(server.page, 'assets'))
    writeFileSync(join(server.page, 'index.html'), '<!doctype html><title>page</title>')
    writeFileSync(join(server.page, 'assets', 'main-AbCd1234.js'), 'export {}')
    writeFileSync(join(server.page, '.secret'), 'secret')
  })

  test('comes with its type, a policy and an etag that saves the next transfer', async () => {
    const page = await fetch(`${server.url}/`)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const policy = page.headers.get('content-security-policy') ?? ''
    for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) expect(policy).toContain(part)
    expect([page.headers.get('x-content-type-options'), page.headers.get('referrer-policy')]).toEqual(['nosniff', 'no-referrer'])
    const again = await fetch(`${server.url}/`, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    const script = await fetch(`${server.url}/assets/main-AbCd1234.js`)
    expect([script.headers.get('content-type'), script.headers.get('cache-control')]).toEqual(['text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'])
  })

  test('serves nothing above or hidden in its folder', async () => {
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/.secret', '/assets/../.secret', '/assets//x', '/a\\b']) {
      const { status } = await post(path, {}, '').then(() => fetch(`${server.url}${path}`))
      expect([path, status]).toEqual([path, 404])
    }
  })

  test('answers its own addresses for a browser, and HEAD without a body', async () => {
    const deep = await fetch(`${server.url}/d/notes`, { headers: { accept: 'text/html' } })
    expect(await deep.text()).toContain('<title>page</title>')
    const head = await fetch(`${server.url}/`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect((await fetch(`${server.url}/`, { method: 'DELETE' })).status).toBe(405)
  })
})

test('pages of listed origins may call, and are told so before they do', async () => {
  const listed = await testServer({ origins: ['https://app.example'] })
  const path = `${listed.url}/concord.v1.DocumentService/ListDocuments`
  const asked = await fetch(path, { method: 'OPTIONS', headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' } })
  expect([asked.status, asked.headers.get('access-control-allow-origin'), asked.headers.get('access-control-allow-headers')?.includes('authorization')]).toEqual([204, 'https://app.example', true])
  const headers = { origin: 'https://app.example', authorization: `Bearer ${await listed.token()}`, 'content-type': 'application/json', 'connect-protocol-version': '1' }
  const called = await fetch(path, { method: 'POST', headers, body: '{}' })
  expect([called.status, called.headers.get('access-control-allow-origin'), called.headers.get('vary')]).toEqual([200, 'https://app.example', 'origin'])
  await listed.close()
})
