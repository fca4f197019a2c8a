import { z } from 'zod'
import { type LimitName, LIMITS } from '@concord/server/core/limits'
import { TRICKS } from '../../plan/tricks.ts'
import { duration, durationRange, share, wholeRange } from './notation.ts'

/** What a swarm can do to a world; each seed draws its own mix, so that rare pairs meet. */
export const TROUBLES = [
  'cut', 'offline', 'stall', 'crash', 'stale-device', 'kill', 'drain', 'ambiguous', 'storage', 'misbehave', 'role', 'lose-tail', 'corrupt', 'distrust', 'paste',
  'hang', 'leave', 'link', 'pause', 'partition', 'storage-slow', 'clock', 'permissions', 'keys', 'revoke', 'delete', 'flip-bit', 'presence', 'attack',
] as const

export type Trouble = (typeof TROUBLES)[number]

const weights = <Key extends string>(keys: readonly Key[], about: string) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, share.optional()])) as Record<Key, z.ZodOptional<typeof share>>).describe(about)

/** One of the values is drawn; a value that stands twice is drawn twice as often. */
const oneOf = <T extends z.ZodType>(value: T) => z.array(value).min(1)
const number = z.number({ error: () => 'must be a number' }).positive()

export const limitSettings = z.strictObject(
  Object.fromEntries(Object.entries(LIMITS).map(([name, { doc, unit }]) => [name, number.optional().describe(`${doc} (${unit})`)])) as Record<LimitName, z.ZodOptional<z.ZodNumber>>,
)

const limitChoices = z.strictObject(
  Object.fromEntries(Object.keys(LIMITS).map((name) => [name, oneOf(z.number()).optional()])) as Record<LimitName, z.ZodOptional<z.ZodArray<z.ZodNumber>>>,
)

export const swarmSchema = z.strictObject({
  edits: wholeRange.describe('Things that happen in one run, edits and faults together.'),
  gap: oneOf(duration).describe('Mean time between two of them; each run draws one.'),
  density: oneOf(share).describe('Share of them that is a fault; each run draws one.'),
  alone: share.default(0).describe('Share of runs with one kind of fault alone: what hangs is then not freed by another one that was planned anyway.'),
  aloneDensity: share.default(0.3).describe('Density of those.'),
  faults: weights(TROUBLES, 'Each kind of fault and the probability that a run has it.'),
  most: wholeRange.optional().describe('Faults in one run; left out: as many as fall to it.'),
  editors: wholeRange.describe('Editors.'),
  twoTabs: share.default(0).describe('Probability that the second editor is another tab of the first one.'),
  viewers: wholeRange.default({ least: 0, most: 0 }).describe('Viewers, in runs that have any.'),
  withViewers: share.default(0).describe('Share of runs with viewers.'),
  tricks: z.array(z.enum(TRICKS)).min(1).optional().describe('What hostile actors try, in runs with the fault `attack`; left out: everything there is.'),
  nodes: oneOf(wholeRange).describe('Numbers of nodes; each run draws one.'),
  spread: share.default(0.5).describe('Share of the runs with several nodes where clients are spread over them.'),
  skew: oneOf(duration).default([0]).describe('Clocks of nodes are apart by up to this; each run draws one.'),
  documents: oneOf(wholeRange).describe('Numbers of documents; each run draws one.'),
  delay: oneOf(duration).describe('Delay of links; each run draws one.'),
  repeat: oneOf(share).default([0]).describe('Probability that a submit arrives twice.'),
  glitch: oneOf(share).default([0]).describe('Probability that a frame of the server is lost or doubled.'),
  slowRead: oneOf(duration).default([0]).describe('Up to this long a reader leaves frames lying.'),
  slices: oneOf(wholeRange).default([{ least: 0, most: 0 }]).describe('Largest piece that bytes are cut into (levels bytes and http2).'),
  unary: share.default(0).describe('Share of runs where submits go up by calls of their own.'),
  storage: oneOf(duration).default([0]).describe('Delay of the store.'),
  device: oneOf(duration).default([0]).describe('Delay of devices.'),
  offlineFor: durationRange.default({ least: 0, most: 3_000 }).describe('Length of absences.'),
  downFor: durationRange.default({ least: 0, most: 500 }).describe('Time until a node that was killed starts again.'),
  limits: limitChoices.default({}).describe('Limits of the server, small ones above all; each run draws one of the values.'),
})

export type SwarmSettings = z.output<typeof swarmSchema>
