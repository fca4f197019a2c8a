import { z } from 'zod'
import { TRICKS } from '../../plan/tricks.ts'
import { PRESET_NAMES } from '../expand/links.ts'
import { duration, durationRange, nameText, positiveNumber, rate, share, signedDuration, size, whole, wholeRange } from './notation.ts'

/** Kinds of edits, and how often each is chosen where a group does not say. */
export const EDIT_KINDS = ['insert', 'delete', 'replace', 'format', 'embed', 'undo', 'redo', 'boundary'] as const

export type EditKind = (typeof EDIT_KINDS)[number]

const arrival = { at: duration.describe('The time.'), over: duration.default(0).describe('One after the other within this time after it.') }

const weight = z.number({ error: () => 'must be a number' }).min(0)

const edits = z
  .strictObject({
    insert: weight.default(0).describe('New characters.'),
    delete: weight.default(0).describe('One to six characters go.'),
    replace: weight.default(0).describe('Characters go and others come, as one edit.'),
    format: weight.default(0).describe('Bold, italic or a colour, on or off.'),
    embed: weight.default(0).describe('A mention.'),
    undo: weight.default(0).describe('The last own edit is taken back.'),
    redo: weight.default(0).describe('What was taken back comes again.'),
    boundary: weight.default(0).describe('Nothing is typed; what follows is a step of undo of its own.'),
  })
  .refine((weights) => Object.values(weights).some((value) => value > 0), { error: 'needs one kind of edit with a weight above 0' })

const think = z.strictObject({
  after: wholeRange.describe('Edits between two pauses.'),
  for: durationRange.describe('Length of a pause.'),
})

const paste = z.strictObject({
  every: duration.describe('Time between two pastes of one actor.'),
  size: size.describe('Units of text pasted at once; split on the way (R18).'),
})

export const behaviour = z.strictObject({
  rate: rate.default(1).describe('Edits of each actor. What a hostile group sends.'),
  edits: edits.default({ insert: 80, delete: 15, replace: 2, format: 2, embed: 0, undo: 1, redo: 0, boundary: 0 }).describe('How often each kind of edit is chosen, as weights.'),
  characters: wholeRange.default({ least: 1, most: 1 }).describe('Characters per insert.'),
  bold: share.default(0).describe('Share of the inserts that come in bold.'),
  places: z
    .enum(['caret', 'anywhere', 'hot'])
    .default('caret')
    .describe('Where edits go: `caret` types on where the actor is and moves now and then, `anywhere` all over the document, `hot` half of them at its beginning, where everybody meets.'),
  think: think.optional().describe('Pauses between stretches of typing.'),
  presence: rate.default(0).describe('How often each actor shares its selection.'),
  paste: paste.optional().describe('Large pastes.'),
  from: duration.optional().describe('Nothing is done before; left out: from joining on.'),
  until: duration.optional().describe('Nothing is done after; left out: to the end.'),
  tricks: z.array(z.enum(TRICKS)).min(1).optional().describe('What a hostile group tries; left out: everything there is.'),
})

export type Behaviour = z.output<typeof behaviour>

/** Over which documents of a set the actors of a group are spread. */
const SPREADS = ['evenly', 'workload', 'random'] as const

export const actorGroup = z.strictObject({
  kind: z.enum(['editor', 'viewer', 'hostile']).default('editor').describe('`viewer` may only read. `hostile` speaks the protocol by hand and breaks its rules.'),
  count: whole.min(1).max(1_000_000).default(1).describe('How many there are.'),
  user: z.enum(['each', 'shared']).default('each').describe('`shared`: all are tabs of one user.'),
  document: nameText.describe('Name of a document, or of a set of documents.'),
  spread: z
    .enum(SPREADS)
    .default('evenly')
    .describe(
      'How actors are spread over a set of documents: `evenly`, `random`, or `workload`, as many per document as the default workload ' +
        'says (P50 1, P90 3, P99 10, P99.9 50, at most 100).',
    ),
  link: z.union([nameText, z.record(nameText, share)]).default('office').describe('Name of a link, or shares of several, as `{ office: 50 %, mobile: 50 % }`.'),
  node: nameText.optional().describe('Node that these actors prefer with route `spread`; left out: one after the other.'),
  join: z.strictObject({ ...arrival, at: duration.default(0).describe('The time.') }).default({ at: 0, over: 0 }).describe('When they come.'),
  leave: z.strictObject(arrival).optional().describe('When they go; left out: they stay.'),
  idle: share.default(0).describe('Share of the actors that only have the document open.'),
  text: z.enum(['plain', 'unique']).default('plain').describe('`unique`: no character is typed twice, so that every edit is found again in the end. For small runs; `plain` costs nothing.'),
  device: duration.default(0).describe('Time that an actor\'s device takes to store what is typed.'),
  unary: z.boolean().default(false).describe('Submits go up by calls of their own, beside a `Watch` stream.'),
  does: behaviour.optional().describe('What they do; left out: editors type once a second, viewers read.'),
})

export type ActorGroup = z.output<typeof actorGroup>

export const linkSchema = z.strictObject({
  like: z.enum(PRESET_NAMES).default('perfect').describe('What is left out is taken from this one.'),
  delay: duration.optional().describe('Median of the delay one way.'),
  delayP99: duration.optional().describe('99th percentile of it.'),
  bandwidth: size.optional().describe('Bytes per second each way; 0: unlimited.'),
  window: size.optional().describe('Bytes under way before the sender has to wait; 0: unlimited.'),
  repeat: share.optional().describe('Probability that a submit arrives a second time.'),
  glitch: share.optional().describe('Probability that a frame of the server is lost or doubled.'),
  slowRead: duration.optional().describe('Up to this long a reader leaves frames lying, now and then.'),
  slice: size.optional().describe('Bytes are cut into pieces of at most this size on the way; 0: left whole.'),
  drops: rate.optional().describe('How often the network of an actor on this link is gone.'),
  dropFor: durationRange.optional().describe('For how long.'),
})

export type LinkSettings = z.output<typeof linkSchema>

export const topologyNode = z.strictObject({
  name: nameText.describe('Name that faults and actors use.'),
  region: nameText.default('local').describe('Shown in reports.'),
  skew: signedDuration.default(0).describe('Its wall clock is ahead by this; negative is behind.'),
  slowness: positiveNumber.default(1).describe('2: its processor is twice as slow as calibrated.'),
})
