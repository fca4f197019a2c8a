import { type Calibration, cost } from '../calibration.ts'
import { bytesOf, type CpuPart, cpuOf, type Rates, ratesOf, sumOf } from './demand.ts'
import type { PlanInput } from './plan-schema.ts'

/** Why so many are needed: each is what one resource alone would ask for. */
export interface Need {
  readonly resource: string
  readonly count: number
}

export interface Sizing {
  readonly peak: Rates
  readonly average: Rates
  readonly cpu: readonly CpuPart[]
  /** Machines that the peak needs, without headroom, by resource; the largest decides. */
  readonly serverNeeds: readonly Need[]
  readonly regions: readonly RegionSizing[]
  readonly servers: number
  readonly cassandraNeeds: readonly Need[]
  readonly cassandra: number
  readonly redisNeeds: readonly Need[]
  readonly redis: number
  /** Bytes a second at the peak, GB a month on average. */
  readonly bytesUp: number
  readonly bytesDown: number
  readonly egressGB: number
  readonly regionGB: number
  readonly storage: StorageGrowth
}

export interface RegionSizing {
  readonly name: string
  /** Machines for the peak, and with what may fail. */
  readonly needed: number
  readonly servers: number
}

/** GB; replication included where it says so. */
export interface StorageGrowth {
  /** New operations a month, one copy. */
  readonly logGBPerMonth: number
  /** What Cassandra holds at the end of the hot days, all copies. */
  readonly hotGB: number
  readonly snapshotGB: number
  readonly archiveGBPerMonth: number
  readonly archiveGBAfterYear: number
}

export const SECONDS_PER_MONTH = 30 * 86_400
const GIB = 2 ** 30
const GB = 1e9
/** Share of a machine's memory that sessions and documents may use. */
const MEMORY_SHARE = 0.7

/** Everything that the plan needs. `factor` scales the load (2: twice as much of everything), not the documents that exist. */
export function sizeOf(input: PlanInput, calibration: Calibration): Sizing {
  const [average, peak] = [ratesOf(input), ratesOf(input, input.rates.peakFactor)]
  const cpu = cpuOf(peak, input, calibration)
  const bytes = bytesOf(peak, input, calibration)
  const serverNeeds = needsOfServers(input, calibration, peak, sumOf(cpu), Math.max(bytes.up, bytes.down))
  const regions = regionsOf(input, most(serverNeeds))
  const servers = regions.reduce((sum, region) => sum + region.servers, 0)
  const storage = storageOf(input)
  const cassandraNeeds = needsOfCassandra(input, peak, storage)
  const redisNeeds = needsOfRedis(input, peak)
  const away = bytesOf(average, input, calibration).down * SECONDS_PER_MONTH * input.rates.daysBusy
  const others = input.regions.length - 1
  const regionGB = others === 0 ? 0 : storage.logGBPerMonth * others
  return {
    peak, average, cpu, serverNeeds, regions, servers, storage, regionGB,
    cassandraNeeds, cassandra: Math.max(input.cassandra.replicas, Math.ceil(most(cassandraNeeds))) * (input.durability === 'all_regions' ? input.regions.length : 1),
    redisNeeds, redis: 2 * Math.max(input.regions.length, Math.ceil(most(redisNeeds))),
    bytesUp: bytes.up, bytesDown: bytes.down, egressGB: away / GB,
  }
}

/** @returns machines by resource, as fractions */
export function needsOfServers(input: PlanInput, calibration: Calibration, rates: Rates, cpuMs: number, bytesPerSecond: number): Need[] {
  const { server, utilisation, documents } = input
  const perMachine = server.memoryGiB * GIB * MEMORY_SHARE - server.processes * cost(calibration, 'memory.server')
  const perDocument = cost(calibration, 'memory.document') * Math.max(1, documents.size / 10_000)
  return [
    { resource: 'processor', count: cpuMs / 1_000 / utilisation / server.processes },
    { resource: 'memory', count: (rates.sessions * cost(calibration, 'memory.socket') + rates.documents * perDocument) / perMachine },
    { resource: 'connections', count: rates.sessions / (server.sessionsPerProcess * server.processes) },
    { resource: 'network', count: (bytesPerSecond * 8) / (server.gigabits * GB * utilisation) },
  ]
}

/** A zone, some machines, or a whole region may fail at the peak; what is left must carry it. */
export function regionsOf({ regions, survives }: PlanInput, needed: number): RegionSizing[] {
  return regions.map(({ name, share }) => {
    const others = regions.reduce((sum, region) => sum + (region.name === name ? 0 : region.share), 0)
    // With a region gone, the others share what it had by their size: the largest loss decides.
    const taken = survives.region ? Math.max(...regions.filter((lost) => lost.name !== name).map((lost) => (lost.share * share) / (1 - lost.share))) : 0
    const here = others === 0 ? needed : needed * (share + taken)
    const zones = survives.zones > 1 ? Math.ceil((here * survives.zones) / (survives.zones - 1)) : Math.ceil(here)
    return { name, needed: needed * share, servers: Math.max(zones, Math.ceil(here) + survives.nodes) }
  })
}

function needsOfCassandra({ cassandra, utilisation }: PlanInput, peak: Rates, { hotGB }: StorageGrowth): Need[] {
  return [
    { resource: 'appends', count: peak.appends / (cassandra.appendsPerSecond * utilisation) },
    { resource: 'data', count: hotGB / (cassandra.dataTB * 1_000) },
  ]
}

function needsOfRedis({ redis, utilisation }: PlanInput, peak: Rates): Need[] {
  return [
    { resource: 'messages', count: redisMessages(peak, redis) / (redis.messagesPerSecond * utilisation) },
    { resource: 'memory', count: peak.sessions / (redis.sessionsPerGB * redis.memoryGB) },
  ]
}

/** A second: presence of documents that two servers know, and every open and reconnect is routed. */
export function redisMessages({ presence, opens, reconnects }: Rates, { presenceShare }: PlanInput['redis']): number {
  return presence * presenceShare + opens + reconnects
}

export function storageOf({ rates, documents, retention, cassandra }: PlanInput): StorageGrowth {
  const perDay = rates.operations * rates.daysBusy * 86_400 * cassandra.rowBytes * cassandra.compression
  const archived = (days: number): number => (perDay * days) / GB
  return {
    logGBPerMonth: archived(30),
    hotGB: archived(retention.hotDays) * cassandra.replicas,
    snapshotGB: (documents.total * documents.size * retention.snapshotsKept) / GB,
    archiveGBPerMonth: archived(30),
    archiveGBAfterYear: archived(Math.min(365, retention.archiveDays)),
  }
}

export function most(needs: readonly Need[]): number {
  return needs.reduce((highest, { count }) => Math.max(highest, count), 0)
}

/** So many times the users, with all that they do. */
export function ratesOfScaled(rates: Rates, factor: number): Rates {
  const scaled = Object.fromEntries(Object.entries(rates).map(([name, value]) => [name, name === 'readers' ? value : (value as number) * factor]))
  return scaled as unknown as Rates
}
