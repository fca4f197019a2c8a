import type { PlanInput } from './plan-schema.ts'
import type { Sizing } from './sizing.ts'

export interface CostLine {
  readonly component: string
  readonly quantity: number
  readonly unit: string
  readonly price: number
  readonly monthly: number
}

/** What it costs a month, by component; quantities at the end of a first year where something grows. */
export function costLines({ prices }: PlanInput, sizing: Sizing): CostLine[] {
  const rows: readonly (readonly [component: string, quantity: number, unit: string, price: number])[] = [
    ['servers', sizing.servers, 'machines', prices.server],
    ['Cassandra', sizing.cassandra, 'nodes', prices.cassandra],
    ['Redis', sizing.redis, 'nodes', prices.redis],
    ['snapshots', sizing.storage.snapshotGB, 'GB', prices.snapshotGB],
    ['archive after a year', sizing.storage.archiveGBAfterYear, 'GB', prices.archiveGB],
    ['traffic to clients', sizing.egressGB, 'GB', prices.egressGB],
    ['traffic between regions', sizing.regionGB, 'GB', prices.regionGB],
    ['monitoring', sizing.servers + sizing.cassandra + sizing.redis, 'machines', prices.monitoring],
  ]
  return rows.map(([component, quantity, unit, price]) => ({ component, quantity, unit, price, monthly: quantity * price }))
}

export function totalOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { monthly }) => sum + monthly, 0)
}
