import { describe, expect, test } from 'vitest'
import { readConfig, SETTINGS } from './config.ts'
import { describeSettings, printSettings } from './config/describe.ts'

const PRODUCTION = { CONCORD_MODE: 'production', CONCORD_AUTH_ISSUER: 'https://id.example.org', CONCORD_AUTH_JWKS: 'https://id.example.org/keys' }

function problems(env: Record<string, string>): readonly string[] {
  const read = readConfig({ env })
  return 'kind' in read ? read.problems : []
}

describe('settings', () => {
  test('nothing set: development on loopback, in the folder at hand', () => {
    expect(readConfig({ env: { PATH: '/bin' } })).toMatchObject({ mode: 'development', listen: { host: '127.0.0.1', port: 7420 }, data: './.concord', store: 'sqlite', metrics: undefined, drainSeconds: 1 })
  })

  test('production has its own port for metrics and its own patience', () => {
    expect(readConfig({ env: PRODUCTION })).toMatchObject({ mode: 'production', metrics: { host: '127.0.0.1', port: 7421 }, drainSeconds: 30, authJwks: new URL('https://id.example.org/keys') })
  })

  test('options of the command line win', () => {
    expect(readConfig({ env: { CONCORD_LISTEN: '127.0.0.1:1' }, options: { listen: '[::1]:2' } })).toMatchObject({ listen: { host: '::1', port: 2 } })
  })

  test('everything that is wrong is said at once, by name, with what it takes', () => {
    const said = problems({ CONCORD_LISTEN: 'nowhere', CONCORD_STORE: 'redis', CONCORD_DRAIN_SECONDS: '-1', CONCORD_ORIGINS: 'https://a.example/path', CONCORD_DATE: 'x', CONCORD_AUTH_ALGORITHMS: 'RS256,HS256' })
    expect(said).toHaveLength(6)
    expect(said.join('\n')).toMatch(/CONCORD_DATE is no setting[\s\S]*CONCORD_LISTEN takes host:port[\s\S]*CONCORD_STORE takes sqlite \| memory[\s\S]*CONCORD_ORIGINS/)
  })

  test.each<readonly [string, Record<string, string>, RegExp]>([
    ['an issuer', { CONCORD_MODE: 'production', CONCORD_AUTH_KEYS: 'keys.json' }, /needs CONCORD_AUTH_ISSUER/],
    ['keys', { CONCORD_MODE: 'production', CONCORD_AUTH_ISSUER: 'x' }, /needs one of CONCORD_AUTH_JWKS.*Development tokens are not accepted/],
    ['one source of keys', { ...PRODUCTION, CONCORD_AUTH_KEYS: 'keys.json' }, /needs one of/],
    ['limits', { ...PRODUCTION, CONCORD_LIMITS: 'loadtest' }, /refused in production/],
    ['a store that keeps', { ...PRODUCTION, CONCORD_STORE: 'memory' }, /refused in production/],
    ['keys over TLS', { ...PRODUCTION, CONCORD_AUTH_JWKS: 'http://id.example.org/keys' }, /https/],
  ])('production mode demands %s', (_, env, said) => expect(problems(env).join()).toMatch(said))

  test('settings of production in development are a mistake that is told', () => {
    expect(problems({ CONCORD_AUTH_ISSUER: 'x' }).join()).toMatch(/CONCORD_MODE=production/)
  })

  test('variables of commands and tests are left alone', () => {
    expect(problems({ CONCORD_URL: 'x', CONCORD_TOKEN: 'x', CONCORD_SEED: '1', CONCORD_TRACES: 'x' })).toEqual([])
  })

  test('the documentation names every setting once', () => {
    const printed = printSettings()
    for (const { env, doc } of Object.values(SETTINGS)) expect(printed.split(`${env}\n    ${doc}`)).toHaveLength(2)
    expect(new Set(describeSettings().map(({ env }) => env)).size).toBe(Object.keys(SETTINGS).length)
  })
})
