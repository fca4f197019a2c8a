import { z } from 'zod'

const amount = z.number().nonnegative()
const positive = z.number().positive()
const share = z.number().min(0).max(1)

const users = z.strictObject({
  total: positive.describe('Registered users.'),
  daily: positive.describe('Users of one day.'),
  sessions: positive.describe('Sessions open at once, at the daily peak.'),
  idleShare: share.default(0.4).describe('Share of the sessions that do nothing (001:4002).'),
  reconnectsPerMinute: share.default(0.01).describe('Share of the sessions that connect again in a minute (002:950).'),
})

const documents = z.strictObject({
  total: positive.describe('Documents that exist.'),
  open: positive.describe('Documents open at once.'),
  size: positive.default(10_000).describe('Units of an average document (001:2152).'),
  readers: amount.optional().describe('Other sessions that are shown an operation. Left out: from the default distribution of editors per document (001:485).'),
  hotEditors: positive.default(100).describe('Editors of the busiest document (001:489).'),
})

const rates = z.strictObject({
  operations: positive.describe('Operations a second, average of the busy day.'),
  peakFactor: z.number().min(1).default(3).describe('Peak over that average; servers are sized for the peak (001:494).'),
  presence: amount.default(0).describe('Presence updates a second, before the server coalesces them.'),
  opens: amount.default(0).describe('Documents opened a second.'),
  coldShare: share.default(0.05).describe('Share of the opens that find the document in no memory (001:517).'),
  operationsPerAppend: z.number().min(1).default(1).describe('Operations that one append commits: documents with 1 operation a second rarely have two waiting.'),
  hotRate: positive.default(1).describe('Operations a second of one editor of the busiest document (001:492).'),
  daysBusy: z.number().min(0).max(1).default(1).describe('Share of the month that the average rate holds, for traffic and growth.'),
})

const retention = z.strictObject({
  hotDays: amount.default(30).describe('Days that operations stay in Cassandra; older ones are in the archive.'),
  archiveDays: amount.default(365).describe('Days that operations stay in the archive after that.'),
  snapshotsKept: positive.default(3).describe('Snapshots of a document (limit snapshotsKept).'),
})

const server = z.strictObject({
  processes: z.int().positive().default(4).describe('Server processes on one machine: one per core that is left to them.'),
  memoryGiB: positive.default(32),
  slowness: positive.default(1).describe('1: a core as fast as the one of the calibration. 0.5: twice as fast.'),
  sessionsPerProcess: positive.default(50_000).describe('Connections that one process takes (edge limit connections).'),
  gigabits: positive.default(10).describe('Network of one machine.'),
  storeCallMs: amount.default(0.15).describe('Processor time of one append in the driver of the external store. Assumed, not measured.'),
})

/** Neither adapter is built: these are assumptions, to be edited. */
const cassandra = z.strictObject({
  appendsPerSecond: positive.default(1_400).describe('Conditional appends a second of one node in a cluster that keeps three copies. Assumed: 178/s on two cores, measured with three nodes on them, times 8.'),
  replicas: z.int().positive().default(3),
  dataTB: positive.default(2).describe('Data of one node.'),
  rowBytes: positive.default(200).describe('One operation with its columns, before replication. Assumed.'),
  compression: positive.max(1).default(0.5).describe('What compression leaves of it. Assumed.'),
})

const redis = z.strictObject({
  messagesPerSecond: positive.default(100_000).describe('Publishes and commands a second of one node. Assumed.'),
  presenceShare: share.default(0.1).describe('Share of the presence updates that pass between servers: those of documents with sessions on two. Assumed.'),
  sessionsPerGB: positive.default(500_000).describe('Sessions whose routing and presence fit a GB. Assumed.'),
  memoryGB: positive.default(26),
})

const prices = z.strictObject({
  server: amount.default(200).describe('A machine a month (000:734).'),
  cassandra: amount.default(400).describe('A Cassandra node a month (000:742).'),
  redis: amount.default(150).describe('A Redis node a month (000:743).'),
  snapshotGB: amount.default(0.023).describe('A GB of object storage a month (002:606).'),
  archiveGB: amount.default(0.004).describe('A GB in the archive a month. Assumed.'),
  egressGB: amount.default(0.05).describe('A GB to clients; 0.09 is the list price (002:623), large customers pay less.'),
  regionGB: amount.default(0.02).describe('A GB between regions (002:626).'),
  monitoring: amount.default(15).describe('Per machine and month (002:643).'),
})

/** One of the source document's own figures, and what its own factors give. */
const claim = z.strictObject({
  where: z.string().regex(/^00[0-4]:\d+(-\d+)?(, \d+(-\d+)?)*$/, { error: () => 'must be a place as 001:3984' }),
  what: z.string(),
  says: z.number(),
  unit: z.string().default('$'),
  factors: z.array(z.number()).min(1).optional(),
  terms: z.array(z.number()).min(1).optional(),
})

export const planSchema = z.strictObject({
  title: z.string(),
  users,
  documents,
  rates,
  regions: z.array(z.strictObject({ name: z.string(), share })).min(1).default([{ name: 'one', share: 1 }]),
  survives: z
    .strictObject({ zones: z.int().min(1).default(3), nodes: z.int().min(0).default(1), region: z.boolean().default(false) })
    .prefault({})
    .describe('What may fail at the peak: one of so many zones, so many machines, a region.'),
  durability: z.enum(['local', 'quorum', 'all_regions']).default('quorum'),
  level: z.strictObject({ ackP99Ms: positive.default(100) }).prefault({}).describe('Service level: submit to ack, 99th percentile (004:24, 001:4201).'),
  utilisation: z.number().positive().max(0.95).default(0.6).describe('Share of a processor that the peak may use.'),
  retention: retention.prefault({}),
  server: server.prefault({}),
  cassandra: cassandra.prefault({}),
  redis: redis.prefault({}),
  prices: prices.prefault({}),
  claims: z.array(claim).default([]),
})

export type PlanInput = z.infer<typeof planSchema>
export type Claim = z.infer<typeof claim>
