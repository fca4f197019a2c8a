import { z } from 'zod'
import { LATENCY_SERIES } from '../plan/plan.ts'
import { planSchema } from '../scenario/schema/plan-schema.ts'

const number = z.number()
const count = z.int().min(0)
const text = z.string()
const series = z.enum(LATENCY_SERIES)
const values = z.array(number.nullable())
const percentiles = z.object({ p50: values, p95: values, p99: values })
const window = { fromMs: number, toMs: number }

/** The result of a run as a file holds it, format 1. Its plan is checked as one that is replayed. */
export const resultSchema = z.object({
  format: z.literal(1),
  plan: planSchema,
  verdict: z.enum(['pass', 'fail', 'unknown', 'crashed']),
  because: text,
  violations: z.array(z.object({ checker: text, message: text, at: number, seq: count })),
  checkers: z.array(z.object({ name: text, promise: text, violations: count })),
  levels: z.array(z.object({ series, percentile: number, atMostMs: number, fromMs: number.optional(), toMs: number.optional(), measuredMs: number.optional(), samples: count, met: z.boolean() })),
  hash: z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 hexadecimal digits'),
  figures: z.object({ virtualMs: number, wallMs: number, events: count, messages: count, versions: count, acknowledged: count, reconnects: count }),
  sometimes: z.record(text, count),
  series: z.object({
    stepMs: number.positive(),
    operations: z.array(number),
    latencies: z.partialRecord(series, percentiles),
    connections: z.array(number),
    reconnects: z.array(number),
    pending: z.array(number),
    cpu: z.record(text, z.array(number)),
  }),
  overall: z.partialRecord(series, z.object({ samples: count, p50: number, p95: number, p99: number, most: number })).optional(),
  faults: z.array(z.object({ id: text, kind: text, what: text, ...window })),
  owners: z.array(z.object({ document: text, node: text, epoch: number, ...window, committed: count })),
  trace: z.array(z.object({ seq: count, at: number, from: text, to: text.optional(), what: text })).max(10_000),
  assumptions: z.array(text),
  skipped: z.array(z.object({ id: text, why: text })),
})
