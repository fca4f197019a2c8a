/**
 * Every limit of the core, in one table: what it means, its unit, its default. Options are resolved once, by
 * {@link resolveLimits}, which also checks the relations between them; nothing else in the core names a number.
 */
export const LIMITS = {
  // Documents
  documentUnits: { default: 100_000_000, unit: 'units', doc: 'Size of a document; above it only operations that do not grow it are taken.' },
  documentQueue: { default: 1_000, unit: 'operations', doc: 'Operations of one document on their way to the log, and as many waiting for a rate.' },
  hotEditors: { default: 50, unit: 'sessions', doc: 'A document with more sessions that may edit counts as hot in the metrics.' },
  documentIdleMs: { default: 120_000, unit: 'ms', doc: 'A document without followers and calls for this long is unloaded.' },
  batchOperations: { default: 1_000, unit: 'operations', doc: 'Operations in one append.' },
  batchBytes: { default: 4 * 1024 * 1024, unit: 'bytes', doc: 'Bytes in one append; storage engines bound a mutation at 16 MiB.' },
  windowOperations: { default: 1_000, unit: 'operations', doc: 'Recent changes of a document kept encoded for its readers.' },
  windowBytes: { default: 4 * 1024 * 1024, unit: 'bytes', doc: 'The same in bytes, whichever is less.' },
  windowMs: { default: 300_000, unit: 'ms', doc: 'Changes older than this leave the window too, but for the newest few: a reader from before takes them from the log.' },
  windowLeast: { default: 64, unit: 'operations', doc: 'Those few.' },
  pageOperations: { default: 512, unit: 'operations', doc: 'Rows of the log read at once.' },
  pageBytes: { default: 1024 * 1024, unit: 'bytes', doc: 'The same in bytes.' },
  composeFrom: { default: 32, unit: 'operations', doc: 'A catch-up of at least this many is composed (R4).' },
  composeOperations: { default: 10_000, unit: 'operations', doc: 'Operations in one composed group.' },
  composeBytes: { default: 200 * 1024, unit: 'bytes', doc: 'A composed group above this is sent one version at a time instead.' },
  // Snapshots
  snapshotOperations: { default: 500, unit: 'operations', doc: 'A snapshot is due above this many operations since the last one, if they are a tenth of the document.' },
  snapshotShare: { default: 0.1, unit: 'share', doc: 'That tenth.' },
  snapshotBytes: { default: 1024 * 1024, unit: 'bytes', doc: 'A snapshot is due above this many bytes of operations in any case.' },
  snapshotsKept: { default: 3, unit: 'snapshots', doc: 'Older ones are removed.' },
  // Sessions
  submitWindow: { default: 1, unit: 'submits', doc: 'Submits a session may have without a decision; the protocol knows one in flight.' },
  sessionLingerMs: { default: 300_000, unit: 'ms', doc: 'A session whose carrier is gone still takes submits by unary calls for this long.' },
  lingeringSessions: { default: 1_000, unit: 'sessions', doc: 'Such sessions per document; the oldest goes first.' },
  controlFrames: { default: 256, unit: 'frames', doc: 'Frames outside the order of versions waiting for one session; above it the session ends.' },
  preparedBytes: { default: 512 * 1024, unit: 'bytes', doc: 'Catch-up prepared for one reader beyond what it has taken.' },
  tokenGraceMs: { default: 25_000, unit: 'ms', doc: 'A session outlives its token by this much.' },
  roleCacheMs: { default: 5_000, unit: 'ms', doc: 'Age of a role at which it is asked for again before an operation is taken.' },
  roleStaleMs: { default: 60_000, unit: 'ms', doc: 'Age of a role that still allows reading while its source does not answer.' },
  tickMs: { default: 1_000, unit: 'ms', doc: 'How often documents look after themselves: idle, expiry, marks.' },
  // Divergence
  hashOperations: { default: 64, unit: 'operations', doc: 'A change carries the content hash at least this often.' },
  hashMs: { default: 2_000, unit: 'ms', doc: 'The first change after this long carries it, and a mark follows when no change comes.' },
  idleMarkMs: { default: 60_000, unit: 'ms', doc: 'Readers of a document in which nothing changes are told its hash once more after this long: a copy that goes bad in memory makes no sound.' },
  hashesKept: { default: 128, unit: 'hashes', doc: 'Hashes by version kept to compare progress with.' },
  // Dedupe (R17)
  clientEntries: { default: 10_000, unit: 'entries', doc: 'Client ids remembered per document; above it the oldest without a session expires.' },
  clientEntryMs: { default: 90 * 24 * 3_600_000, unit: 'ms', doc: 'A client id without a session expires after this long.' },
  // Rates
  sessionOperationsPerSecond: { default: 50, unit: '1/s', doc: 'Operations of one session; more wait.' },
  userOperationsPerSecond: { default: 100, unit: '1/s', doc: 'Operations of one user over all documents; more wait.' },
  userBurst: { default: 500, unit: 'operations', doc: 'Operations a user may send at once after a pause.' },
  documentOperationsPerSecond: { default: 1_000, unit: '1/s', doc: 'Operations of one document; more wait.' },
  opensPerMinute: { default: 60, unit: '1/min', doc: 'Opens of one user; a burst of as many after a pause.' },
  // Presence
  presenceTickMs: { default: 50, unit: 'ms', doc: 'Presence is delivered at most this often.' },
  presencePerSecond: { default: 10, unit: '1/s', doc: 'Presence updates of one client; more are coalesced.' },
  presenceFlood: { default: 100, unit: 'updates', doc: 'Updates above the rate after which the stream is cut.' },
  presenceBytes: { default: 16 * 1024, unit: 'bytes', doc: 'Size of one presence state.' },
  presenceTtlMs: { default: 10_000, unit: 'ms', doc: 'A silent client has left after this long.' },
  presenceFull: { default: 100, unit: 'participants', doc: 'Up to this many everybody is shown.' },
  presenceSampled: { default: 1_000, unit: 'participants', doc: 'Up to this many a sample is shown, above it a number.' },
  presenceSample: { default: 50, unit: 'participants', doc: 'Size of the sample.' },
  // Life cycle
  drainMs: { default: 30_000, unit: 'ms', doc: 'Time over which clients are asked to reconnect elsewhere when the server closes.' },
  closeMs: { default: 10_000, unit: 'ms', doc: 'Time that appends and snapshots get to finish when the server closes.' },
  storageRetryMs: { default: 1_000, unit: 'ms', doc: 'Advice to clients while the store does not answer.' },
  ownerCheckMs: { default: 5_000, unit: 'ms', doc: 'An owner that has readers and appends nothing asks the log this often whether it still rules.' },
  ownerHoldMs: { default: 1_000, unit: 'ms', doc: 'A document that other owners took twice within a minute is left to them for this long, then for twice as long each time, up to 16 s.' },
  quarantineMs: { default: 10_000, unit: 'ms', doc: 'A document that fails its checks is not loaded again for this long.' },
} as const satisfies Record<string, { readonly default: number; readonly unit: string; readonly doc: string }>

export type LimitName = keyof typeof LIMITS
export type Limits = { readonly [Name in LimitName]: number }

/** Sets of limits by name. `loadtest` lifts the rates for replays and benchmarks; production mode refuses it. */
export const LIMIT_PRESETS = {
  default: {},
  loadtest: {
    sessionOperationsPerSecond: 1_000_000,
    userOperationsPerSecond: 1_000_000,
    userBurst: 1_000_000,
    documentOperationsPerSecond: 1_000_000,
    documentQueue: 100_000,
    opensPerMinute: 1_000_000,
  },
} as const satisfies Record<string, Partial<Limits>>

export type LimitPreset = keyof typeof LIMIT_PRESETS

/** Defaults, then the preset, then what the caller sets. Throws RangeError when they contradict each other. */
export function resolveLimits(preset: LimitPreset = 'default', own: Partial<Limits> = {}): Limits {
  const names = Object.keys(LIMITS) as LimitName[]
  const defaults = Object.fromEntries(names.map((name) => [name, LIMITS[name].default])) as Record<LimitName, number>
  const limits: Limits = { ...defaults, ...LIMIT_PRESETS[preset], ...own }
  const broken = [...names.filter((name) => !isSensible(name, limits[name])).map((name) => `${name} must be above 0`), ...brokenRelations(limits)]
  if (broken.length > 0) throw new RangeError(`limits contradict each other: ${broken.join('; ')}`)
  return limits
}

/** Only a life cycle may be over at once. */
function isSensible(name: LimitName, value: number): boolean {
  return value > 0 || (value === 0 && (name === 'drainMs' || name === 'closeMs'))
}

interface Relation {
  readonly holds: (limits: Limits) => boolean
  readonly why: string
}

/** What must hold between limits, each with the reason that an operator reads. */
export const LIMIT_RELATIONS: readonly Relation[] = [
  { holds: (l) => l.submitWindow === 1, why: 'submitWindow is 1: the protocol knows one submit in flight' },
  { holds: (l) => l.documentUnits < 2 ** 30, why: 'documentUnits is below 2^30, the longest component' },
  { holds: (l) => l.batchOperations <= l.windowOperations, why: 'batchOperations fits windowOperations, or a batch pushes itself out of the window' },
  { holds: (l) => l.batchBytes <= l.windowBytes, why: 'batchBytes fits windowBytes, or a batch pushes itself out of the window' },
  { holds: (l) => l.windowMs >= l.sessionLingerMs, why: 'windowMs covers sessionLingerMs, or unary submits lose their base' },
  { holds: (l) => l.composeFrom <= l.composeOperations, why: 'composeFrom is not above composeOperations' },
  { holds: (l) => l.composeBytes <= 200 * 1024, why: 'composeBytes leaves room in a frame of 256 KiB' },
  { holds: (l) => l.idleMarkMs >= l.hashMs, why: 'idleMarkMs is not below hashMs' },
  { holds: (l) => l.hashMs + l.tickMs < 5_000, why: 'hashMs and tickMs together stay below the 5 s in which divergence is found' },
  { holds: (l) => l.roleCacheMs <= 5_000, why: 'roleCacheMs is at most 5 s: a removed role ends in that time' },
  { holds: (l) => l.tickMs < l.roleCacheMs, why: 'tickMs is below roleCacheMs, so that roles are asked for again before they are old' },
  { holds: (l) => l.roleStaleMs >= l.roleCacheMs, why: 'roleStaleMs is not below roleCacheMs' },
  { holds: (l) => l.userBurst >= l.userOperationsPerSecond, why: 'userBurst is at least a second of userOperationsPerSecond' },
  { holds: (l) => l.sessionLingerMs >= l.documentIdleMs, why: 'sessionLingerMs is not below documentIdleMs, which ends such sessions anyway' },
  { holds: (l) => l.presenceFull <= l.presenceSampled && l.presenceSample <= l.presenceFull, why: 'presenceSample <= presenceFull <= presenceSampled' },
  { holds: (l) => l.presenceTtlMs >= 2 * 5_000, why: 'presenceTtlMs covers two beats of 5 s' },
  { holds: (l) => l.snapshotsKept >= 1, why: 'snapshotsKept is at least 1' },
]

function brokenRelations(limits: Limits): string[] {
  return LIMIT_RELATIONS.filter(({ holds }) => !holds(limits)).map(({ why }) => why)
}
