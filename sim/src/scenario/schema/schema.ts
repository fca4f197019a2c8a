import { z } from 'zod'
import { LATENCY_SERIES } from '../../plan/plan.ts'
import { SOMETIMES, type SometimesName } from '../../run/watch/sometimes.ts'
import { actorGroup, linkSchema, topologyNode } from './actor-schema.ts'
import { faultSchema } from './fault-schema.ts'
import { PRESET_NAMES } from '../expand/links.ts'
import { duration, factor, nameText, share, size, whole } from './notation.ts'
import { MISSING_PART_NAMES } from '../file/parts.ts'
import { limitSettings, swarmSchema } from './swarm-schema.ts'

const SEEN = Object.keys(SOMETIMES) as [SometimesName, ...SometimesName[]]

const topology = z.strictObject({
  nodes: z
    .union([whole.min(1).max(64), z.array(topologyNode).min(1)], { error: () => 'must be a number of nodes or a list of them' })
    .default(1)
    .transform((nodes) => (Array.isArray(nodes) ? nodes : Array.from({ length: nodes }, (_, index) => ({ name: `n${index + 1}`, region: 'local', skew: 0, slowness: 1 }))))
    .describe('How many servers (`n1`, `n2`, ...), or a list of them.'),
  route: z
    .enum(['first', 'spread'])
    .default('first')
    .describe('Where connections go: `first` to the first node that lives, as behind a proxy that fails over; `spread` over all of them.'),
  cpu: z.boolean().default(true).describe('Charge the work of servers to one processor each, by the calibrated costs. Without it they are infinitely fast.'),
  storage: duration.default(0).describe('Each call to the store takes from 0 to twice this.'),
})

const documents = z.strictObject({
  size: size.default(0).describe('Units of text it begins with.'),
  count: z
    .union([whole.min(1).max(1_000_000), z.literal('as-needed')], { error: () => 'must be a whole number or as-needed' })
    .default(1)
    .describe('More than one: a set, `name-1`, `name-2`, ... `as-needed`: as many as a group with `spread: workload` fills.'),
})

const step = z.strictObject({
  at: duration.describe('When it begins.'),
  for: duration.optional().describe('How long; left out: to the end.'),
  group: nameText.describe('Group of actors.'),
  share: share.default(1).describe('Share of its actors that is concerned.'),
  rate: factor.optional().describe('Their edits come faster by this factor.'),
  presence: factor.optional().describe('Their selections come faster by this factor.'),
  join: z.strictObject({ count: whole.min(1).describe('How many.'), over: duration.default(0).describe('Within this time.') }).optional().describe('More of them join.'),
  paste: size.optional().describe('Each pastes this much.'),
  undo: z.strictObject({ times: whole.min(1).describe('How many edits.'), over: duration.default(0).describe('Within this time.') }).optional().describe('Each takes back this many edits.'),
})

const level = z.strictObject({
  series: z
    .enum(LATENCY_SERIES)
    .describe('`ack`: submit leaves to ack arrives. `visible`: submit leaves to change arrives elsewhere. `open`: join to first content. `reconnect`: connection lost, or a network there again, to online. `presence`: set to seen.'),
  percentile: z.union([z.literal(50), z.literal(95), z.literal(99), z.literal(99.9)], { error: () => 'must be 50, 95, 99 or 99.9' }).describe('50, 95, 99 or 99.9.'),
  atMost: duration.describe('The service level.'),
  from: duration.optional().describe('Looked at from here; left out: from the beginning.'),
  to: duration.optional().describe('Looked at up to here; left out: to the end.'),
})

const expectations = z.strictObject({
  heal: duration.default(60_000).describe('After the last fault everybody is online and at rest within this.'),
  levels: z.array(level).default([]).describe('Service levels: a run that misses one fails.'),
  seen: z.array(z.enum(SEEN)).default([]).describe('Conditions that the run must have met at least once.'),
  mayLoseTail: z.boolean().default(false).describe('History may be lost; acknowledged operations then come back from clients.'),
})

const requirement = z.strictObject({
  part: z.enum(MISSING_PART_NAMES).describe('The part.'),
  for: z.string({ error: () => 'must say what the part is needed for' }).min(1).describe('What of this scenario comes with it.'),
})

export const scenarioSchema = z.strictObject({
  name: nameText.describe('As on the command line; the file is called `<name>.yaml`.'),
  title: z.string({ error: () => 'must be a line of text' }).min(1).max(80).describe('A line for lists.'),
  about: z.string({ error: () => 'must be text' }).min(1).describe('What happens and what must hold, in sentences.'),
  level: z.enum(['message', 'bytes', 'http2']).default('message').describe('How much of the real thing runs: `message` objects, `bytes` with codecs, `http2` with the real edge.'),
  duration: duration.optional().describe('Length before the world heals. A swarm has none: it ends with its last event.'),
  topology: topology.prefault({}).describe('The servers.'),
  limits: z
    .strictObject({ preset: z.enum(['default', 'loadtest']).default('default').describe('`loadtest` lifts the rates.'), set: limitSettings.default({}).describe('Single limits by name, as in [limits](../limits.md).') })
    .prefault({})
    .describe('Limits of the servers.'),
  links: z.record(nameText, linkSchema).default({}).describe(`Links by name, beside those that exist: ${PRESET_NAMES.join(', ')}.`),
  documents: z.record(nameText, documents).default({}).describe('Documents, or sets of them, by name.'),
  actors: z.record(nameText, actorGroup).default({}).describe('Groups of actors by name.'),
  steps: z.array(step).default([]).describe('What changes on the way.'),
  faults: z.array(faultSchema).default([]).describe('What goes wrong.'),
  swarm: swarmSchema.optional().describe('Instead of documents, actors, steps and faults: everything is drawn, differently for each seed.'),
  bugs: z.array(z.string({ error: () => 'must be the name of a planted bug' })).default([]).describe('Planted bugs, for tests of the checkers.'),
  expect: expectations.prefault({}).describe('What must hold in the end, beside what always must.'),
  requires: z.array(requirement).default([]).describe('Parts that do not exist yet. `sim list` names them and `sim run` refuses the scenario until they do.'),
})

export type Scenario = z.output<typeof scenarioSchema>
export type Step = Scenario['steps'][number]
export type Documents = Scenario['documents'][string]
