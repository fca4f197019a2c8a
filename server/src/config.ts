import { address, type Address, choice, list, path, type Read, type Setting, text, url, whole } from './config/setting.ts'

export type { Address } from './config/setting.ts'

/** Algorithms with a public key; with a shared secret everybody who checks tokens could make them. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

/** The one table of settings: what each is called, takes, does without, and means. `concord config` prints it. */
export const SETTINGS = {
  mode: choice({ env: 'CONCORD_MODE', preset: 'development', doc: 'development makes its own tokens and needs no set-up; production demands real keys.' }, ['development', 'production']),
  listen: address({ env: 'CONCORD_LISTEN', preset: '127.0.0.1:7420', doc: 'Where everything but metrics is served: page, calls, sockets.' }, false),
  data: path({ env: 'CONCORD_DATA', preset: './.concord', doc: 'Folder of the embedded store and, in development, of the secret that signs tokens.' }),
  store: choice({ env: 'CONCORD_STORE', preset: 'sqlite', doc: 'sqlite keeps documents in the data folder; memory forgets them when the server stops.' }, ['sqlite', 'memory']),
  limits: choice({ env: 'CONCORD_LIMITS', preset: 'default', doc: 'loadtest lifts the rates for replays and benchmarks; refused in production mode.' }, ['default', 'loadtest']),
  origins: list({ env: 'CONCORD_ORIGINS', preset: '', doc: 'Pages of other origins that may call. The page of this server itself needs no entry on loopback.' }, 'origins as https://app.example.org', isOrigin),
  page: path({ env: 'CONCORD_PAGE', preset: '', doc: 'Folder of the page served at /; empty means the one built with the server.' }),
  log: choice({ env: 'CONCORD_LOG', preset: 'info', doc: 'Lowest level that is logged.' }, ['debug', 'info', 'warn', 'error', 'silent']),
  metrics: address({ env: 'CONCORD_METRICS', preset: { development: '', production: '127.0.0.1:7421' }, doc: 'Own address of /metrics; empty means the main one.' }, true),
  drainSeconds: whole({ env: 'CONCORD_DRAIN_SECONDS', preset: { development: '1', production: '30' }, doc: 'When the server stops: time over which clients are asked to go elsewhere.' }, 'seconds', 0, 600),
  closeSeconds: whole({ env: 'CONCORD_CLOSE_SECONDS', preset: '10', doc: 'After that: time to write what is left, before the process ends regardless.' }, 'seconds', 1, 600),
  authIssuer: text({ env: 'CONCORD_AUTH_ISSUER', preset: '', doc: 'Production: the `iss` tokens must name.' }, 'an issuer, as https://id.example.org', /^\S{0,500}$/),
  authJwks: url({ env: 'CONCORD_AUTH_JWKS', preset: '', doc: "Production: address of the issuer's public keys." }),
  authKeys: path({ env: 'CONCORD_AUTH_KEYS', preset: '', doc: 'Production, instead of CONCORD_AUTH_JWKS: file with a JSON Web Key Set of public keys.' }),
  authType: text({ env: 'CONCORD_AUTH_TYPE', preset: 'at+jwt', doc: 'Production: header `typ` of tokens.' }, 'a type, as at+jwt or JWT', /^[A-Za-z0-9+./-]{1,50}$/),
  authAlgorithms: list({ env: 'CONCORD_AUTH_ALGORITHMS', preset: 'RS256,ES256,EdDSA', doc: 'Production: signatures that are accepted.' }, `of ${ALGORITHMS.join(' ')}`, (part) => ALGORITHMS.includes(part)),
  authTenantClaim: text({ env: 'CONCORD_AUTH_TENANT_CLAIM', preset: 'tenant', doc: 'Production: claim that names the tenant.' }, 'the name of a claim', /^[A-Za-z0-9_:/.-]{1,100}$/),
} as const satisfies Record<string, Setting<unknown>>

export type SettingName = keyof typeof SETTINGS
type ValueOf<Row> = Row extends Setting<infer T> ? T : never
type Values = { readonly [Name in SettingName]: ValueOf<(typeof SETTINGS)[Name]> }

/** Every setting, checked, resolved once. */
export type ServerConfig = Omit<Values, 'listen'> & { readonly listen: Address }

/** Variables of commands and tests, which a server may find in its environment. */
const ELSEWHERE = /^CONCORD_(?:URL|TOKEN|USER|SEEDS?|TRACES|RUNS|CASES|CHROMIUM|BENCH_[A-Z_]+|TEST_[A-Z_]+)$/

/** Everything that is wrong, at once. */
export interface ConfigProblems {
  readonly kind: 'problems'
  /** Sentences that say what to do. */
  readonly problems: readonly string[]
}

export interface ConfigSource {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Options of the command line by name of the setting; they win. */
  readonly options?: Partial<Readonly<Record<SettingName, string>>>
}

export function readConfig({ env, options = {} }: ConfigSource): ServerConfig | ConfigProblems {
  const names = Object.keys(SETTINGS) as SettingName[]
  const known = new Set<string>(names.map((name) => SETTINGS[name].env))
  const problems = Object.keys(env).filter((key) => key.startsWith('CONCORD_') && !known.has(key) && !ELSEWHERE.test(key)).map(unknownKey)
  const mode = (options.mode ?? env[SETTINGS.mode.env]) === 'production' ? 'production' : 'development'
  const values: Partial<Record<SettingName, unknown>> = {}
  for (const name of names) {
    const setting: Setting<unknown> = SETTINGS[name]
    const read: Read<unknown> = setting.read(options[name] ?? env[setting.env] ?? presetOf(setting, mode))
    if ('problem' in read) problems.push(`${setting.env} ${read.problem}, not ${JSON.stringify(options[name] ?? env[setting.env])}`)
    else values[name] = read.value
  }
  if (problems.length > 0) return { kind: 'problems', problems }
  const config = values as unknown as ServerConfig
  const contradictions = contradictionsOf(config)
  return contradictions.length > 0 ? { kind: 'problems', problems: contradictions } : Object.freeze(config)
}

export function presetOf({ preset }: Setting<unknown>, mode: ServerConfig['mode']): string {
  return typeof preset === 'string' ? preset : preset[mode]
}

function contradictionsOf(config: ServerConfig): string[] {
  const { mode, authIssuer, authJwks, authKeys, authAlgorithms, limits, store } = config
  if (mode === 'development') {
    const set = authIssuer !== '' || authJwks !== undefined || authKeys !== ''
    return set ? ['CONCORD_AUTH_ISSUER, CONCORD_AUTH_JWKS and CONCORD_AUTH_KEYS count in production mode alone: set CONCORD_MODE=production, or leave them out'] : []
  }
  const found: string[] = []
  if (authIssuer === '') found.push('production mode needs CONCORD_AUTH_ISSUER: the issuer whose tokens are accepted')
  if ((authJwks === undefined) === (authKeys === '')) found.push('production mode needs one of CONCORD_AUTH_JWKS (address) and CONCORD_AUTH_KEYS (file): the public keys of that issuer. Development tokens are not accepted')
  if (authAlgorithms.length === 0) found.push('production mode needs at least one of CONCORD_AUTH_ALGORITHMS')
  if (limits === 'loadtest') found.push('CONCORD_LIMITS=loadtest lifts the limits that protect a server: it is refused in production mode')
  if (store === 'memory') found.push('CONCORD_STORE=memory forgets acknowledged edits: it is refused in production mode')
  return found
}

function unknownKey(key: string): string {
  return `${key} is no setting: \`concord config\` lists them`
}

function isOrigin(part: string): boolean {
  return URL.canParse(part) && /^https?:/.test(part) && new URL(part).origin === part
}
