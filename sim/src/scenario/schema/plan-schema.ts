import { z } from 'zod'
import { type LimitName, LIMITS } from '@concord/server/core/limits'
import { LATENCY_SERIES, LEVELS } from '../../plan/plan.ts'
import { actorEvents, otherEvents } from './plan-event-schema.ts'
import { linkModelSchema } from './link-model-schema.ts'

const id = z.string().min(1)
const time = z.number()
const named = { name: id }

const plannedNode = z.strictObject({ ...named, region: z.string(), skewMs: z.number(), slowness: z.number().positive() })

const plannedDocument = z.strictObject({ id, units: z.int().min(0) })

const plannedActor = z.strictObject({
  ...named,
  group: id,
  kind: z.enum(['editor', 'viewer', 'hostile']),
  user: id,
  document: id,
  link: id,
  node: id.exactOptional(),
  deviceMs: time.min(0),
  unary: z.boolean(),
  text: z.enum(['unique', 'plain']),
})

const limits = z.strictObject(
  Object.fromEntries(Object.keys(LIMITS).map((name) => [name, z.number().exactOptional()])) as Record<LimitName, z.ZodExactOptional<z.ZodNumber>>,
)

const world = z.strictObject({
  nodes: z.array(plannedNode).min(1),
  documents: z.array(plannedDocument),
  actors: z.array(plannedActor),
  links: z.record(z.string(), linkModelSchema),
  storage: z.strictObject({ delayMs: time.min(0) }),
  limitPreset: z.enum(['default', 'loadtest']),
  limits,
  cpu: z.boolean(),
  route: z.enum(['first', 'spread']),
})

const serviceLevel = z.strictObject({
  series: z.enum(LATENCY_SERIES),
  percentile: z.union([z.literal(50), z.literal(95), z.literal(99), z.literal(99.9)]),
  atMostMs: time,
  fromMs: time.exactOptional(),
  toMs: time.exactOptional(),
})

/** What a plan file holds; its type is `Plan` (`plan-schema.test.ts`). */
export const planSchema = z.strictObject({
  format: z.literal(1),
  scenario: z.string(),
  title: z.string(),
  seed: z.int(),
  level: z.enum(LEVELS),
  world,
  events: z.array(z.union([z.discriminatedUnion('kind', actorEvents), z.discriminatedUnion('kind', otherEvents)])),
  endMs: time.min(0),
  healMs: time.min(0),
  expect: z.strictObject({ levels: z.array(serviceLevel), seen: z.array(z.string()), mayLoseTail: z.boolean() }),
  bugs: z.array(z.string()),
})
