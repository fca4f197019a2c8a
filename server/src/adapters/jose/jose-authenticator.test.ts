import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHmac } from 'node:crypto'
import { exportJWK, exportSPKI, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { developmentAuthenticator, developmentSecret, issueToken } from './development-tokens.ts'
import { JoseAuthenticator, localKeys } from './jose-authenticator.ts'
import { remoteKeys } from './remote-keys.ts'

const NOW = 1_800_000_000_000
const SECONDS = NOW / 1000
const RULES = { issuer: 'https://id.example.org', type: 'at+jwt', algorithms: ['RS256'], tenantClaim: 'tenant' }

type Keys = Awaited<ReturnType<typeof generateKeyPair>>
let keys: Keys
let strangers: Keys
let set: string
let authenticator: JoseAuthenticator

beforeAll(async () => {
  keys = await generateKeyPair('RS256', { extractable: true })
  strangers = await generateKeyPair('RS256')
  set = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] })
  authenticator = new JoseAuthenticator(localKeys(set), RULES)
})

interface Claims {
  readonly header?: Partial<JWTHeaderParameters>
  readonly key?: Keys['privateKey']
  readonly without?: string
  readonly claims?: Record<string, unknown>
}

function token({ header, key, without = '', claims }: Claims = {}): Promise<string> {
  const all: Record<string, unknown> = { iss: RULES.issuer, aud: 'concord', sub: 'ada', tenant: 'acme', name: 'Ada', exp: SECONDS + 60, ...claims }
  delete all[without]
  return new SignJWT(all).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'k1', ...header }).sign(key ?? keys.privateKey)
}

function unsigned(alg: string): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg, typ: 'at+jwt' })}.${part({ iss: RULES.issuer, aud: 'concord', sub: 'ada', tenant: 'acme', exp: SECONDS + 60 })}.`
}

describe('what a token must say', () => {
  test('a good one: tenant, user and name come from it', async () => {
    const identity = { kind: 'identity', tenant: 'acme', userId: 'ada', name: 'Ada', audience: 'concord', expiresAt: NOW + 60_000 }
    expect(await authenticator.verify(await token(), NOW)).toEqual(identity)
    expect(await authenticator.verify(await token({ claims: { aud: ['x', 'concord-admin'] } }), NOW)).toEqual({ ...identity, audience: 'concord-admin' })
  })

  test('none, and an expired one, are told apart from a bad one', async () => {
    expect(await authenticator.verify('', NOW)).toMatchObject({ reason: 'TOKEN_MISSING' })
    expect(await authenticator.verify(await token(), NOW + 61_000)).toMatchObject({ reason: 'TOKEN_EXPIRED' })
  })

  test.each<readonly [string, Claims]>([
    ['another issuer', { claims: { iss: 'https://evil.example' } }],
    ['another audience', { claims: { aud: 'billing' } }],
    ['another type', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined as never } }],
    ['an unknown key', { header: { kid: 'k2' } }],
    ['a stranger\'s key', { key: undefined as never, header: {}, claims: { stranger: true } }],
    ...['iss', 'aud', 'sub', 'exp', 'tenant'].map((claim) => [`no ${claim}`, { without: claim }] as const),
    ['a tenant that reaches elsewhere', { claims: { tenant: '../other' } }],
    ['a user with a NUL', { claims: { sub: 'ada\0' } }],
    ['a look-alike user', { claims: { sub: 'аda' } }],
    ['a prototype for a user', { claims: { sub: '__proto__' } }],
    ['not valid yet', { claims: { nbf: SECONDS + 30 } }],
  ])('%s is refused', async (_, claims) => {
    const signed = claims.claims?.['stranger'] === true ? await token({ key: strangers.privateKey }) : await token(claims)
    expect(await authenticator.verify(signed, NOW)).toMatchObject({ kind: 'failure', reason: 'TOKEN_INVALID' })
  })

  test('alg none is refused', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) expect(await authenticator.verify(unsigned(alg), NOW)).toMatchObject({ reason: 'TOKEN_INVALID' })
  })

  test('HS256 with the RSA key as secret is refused', async () => {
    const body = unsigned('HS256').slice(0, -1)
    for (const secret of [await exportSPKI(keys.publicKey), set]) {
      const forged = `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
      expect(await authenticator.verify(forged, NOW)).toMatchObject({ reason: 'TOKEN_INVALID' })
    }
  })

  test('a key that the token brings itself, or points at, is ignored', async () => {
    const jwk = await exportJWK(strangers.publicKey)
    for (const header of [{ jwk }, { jku: 'https://evil.example/keys' }, { x5u: 'https://evil.example/cert' }]) {
      const forged = await token({ key: strangers.privateKey, header: header as never })
      expect(await authenticator.verify(forged, NOW)).toMatchObject({ reason: 'TOKEN_INVALID' })
    }
  })

  test('garbage and very long tokens are refused', async () => {
    for (const text of ['x', 'a.b.c', `${'x'.repeat(9000)}.y.z`, '\0']) expect(await authenticator.verify(text, NOW)).toMatchObject({ reason: 'TOKEN_INVALID' })
  })

  test('a key set with secrets in it is refused at start', async () => {
    expect(() => localKeys(JSON.stringify({ keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }))).toThrow('public keys')
    const secret = await exportJWK(keys.privateKey)
    expect(() => localKeys(JSON.stringify({ keys: [secret] }))).toThrow('public keys')
  })
})

describe('keys by address', () => {
  test('are asked for at most once in 30 seconds, whatever tokens name and whether it answers', async () => {
    let now = 0
    let asked = 0
    let answers = false
    const clock = { now: () => NOW, monotonic: () => now }
    const fetcher = async (): Promise<Response> => {
      asked += 1
      return answers ? new Response(set, { headers: { 'content-type': 'application/json' } }) : new Response('', { status: 500 })
    }
    const remote = new JoseAuthenticator(remoteKeys(new URL('https://id.example.org/keys'), clock, fetcher as typeof fetch), RULES)
    for (let index = 0; index < 5; index += 1) expect(await remote.verify(await token(), NOW)).toMatchObject({ reason: 'TOKEN_INVALID' })
    expect(asked).toBe(1)
    now += 30_001
    answers = true
    expect(await remote.verify(await token(), NOW)).toMatchObject({ kind: 'identity' })
    for (const kid of ['a', 'b', 'c']) expect(await remote.verify(await token({ header: { kid } }), NOW)).toMatchObject({ reason: 'TOKEN_INVALID' })
    expect(asked).toBe(2)
  })
})

describe('development tokens', () => {
  test('a folder has its own secret, kept, readable by its owner alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'concord-secret-'))
    const secret = developmentSecret(folder)
    expect(developmentSecret(folder)).toEqual(secret)
    expect(statSync(join(folder, 'development-secret')).mode & 0o777).toBe(0o600)
    const other = developmentSecret(join(folder, 'other'))
    expect(other).not.toEqual(secret)
    const issued = await issueToken(secret, { user: 'ada' }, NOW)
    expect(await developmentAuthenticator(secret).verify(issued, NOW)).toMatchObject({ tenant: 'local', userId: 'ada', expiresAt: NOW + 900_000 })
    expect(await developmentAuthenticator(other).verify(issued, NOW)).toMatchObject({ reason: 'TOKEN_INVALID' })
    rmSync(folder, { recursive: true })
  })

  test('mean nothing to a server with real keys', async () => {
    expect(await authenticator.verify(await issueToken(new Uint8Array(32), { user: 'ada' }, NOW), NOW)).toMatchObject({ reason: 'TOKEN_INVALID' })
  })
})
