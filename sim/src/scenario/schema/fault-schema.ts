import { z } from 'zod'
import { duration, durationRange, nameText, positiveNumber, rate, share, signedDuration, whole, wholeRange } from './notation.ts'

const oneOrMore = z
  .union([duration, z.array(duration).min(1)], { error: () => 'must be a time or a list of times, as 20s or [20s, 40s]' })
  .transform((at) => (Array.isArray(at) ? at : [at]))

/** When it happens: exactly one of `at`, `every`, `rate`. */
const when = {
  at: oneOrMore.optional().describe('At this time, or at each of a list of times.'),
  every: duration.optional().describe('Again and again, this far apart.'),
  rate: rate.optional().describe('At random, this often on average.'),
  from: duration.optional().describe('With `every` and `rate`: not before.'),
  until: duration.optional().describe('With `every` and `rate`: not after; left out: to the end.'),
}

const lasting = durationRange.optional().describe('How long it lasts; left out: until the world heals.')
const lastingRequired = durationRange.describe('How long it lasts.')

const whom = {
  on: nameOrActor().describe('A group of actors, one actor as `editors/7`, or `everybody`.'),
  share: share.optional().describe('Share of them that is struck, drawn anew each time.'),
  pick: whole.min(1).optional().describe('How many of them are struck, drawn anew each time.'),
  over: duration.default(0).describe('They are struck one after the other within this time.'),
}

function nameOrActor() {
  return z
    .string({ error: () => 'must be the name of a group, of an actor, or everybody' })
    .regex(/^[a-z][a-z0-9-]*(\/\d+)?$/, { error: () => 'must be the name of a group, of an actor as editors/7, or everybody' })
}

const node = z
  .union([nameText, z.array(nameText).min(1)], { error: () => 'must be the name of a node, a list of them, any, or each' })
  .transform((names) => (Array.isArray(names) ? names : [names]))
const struckNode = {
  node: node.describe('A node, a list of nodes, `any` (one drawn each time), or `each`.'),
  apart: duration.default(0).describe('Time between one node and the next.'),
}
const concernedNode = { node: nameText.optional().describe('Node concerned; left out: all.') }
const sides = z.array(z.string({ error: () => 'must be the name of a node, a group, an actor, or storage' })).min(1)

const document = { document: nameText.describe('A document, or a set of documents: one of them is drawn each time.') }

function fault<Name extends string, Shape extends z.core.$ZodLooseShape>(name: Name, about: string, shape: Shape) {
  return z.strictObject({ fault: z.literal(name), ...when, ...shape }).describe(about)
}

export const FAULTS = [
  // Actors
  fault('cut', 'Connections break; the client sees it now, the server later. It may connect again at once.', whom),
  fault('offline', 'No network, or the application was told to be offline.', { ...whom, for: lasting }),
  fault('hang', 'Nothing passes any more and nobody is told (half-open).', { ...whom, for: lasting }),
  fault('stall', 'The reader takes nothing for a while.', { ...whom, for: lastingRequired }),
  fault('crash', 'The tab dies; another opens at once and finds what the device stored.', whom),
  fault('link', 'Another link.', { ...whom, link: nameText.describe('Name of the link.'), for: lasting }),
  fault('leave', 'The tab is closed, and opened again after `for`.', { ...whom, for: lasting }),
  fault('misbehave', 'Types what no server takes; what is typed after it must survive (R9).', whom),
  fault('corrupt', 'A bug in the page: what the client holds is not what the server confirmed (R16).', whom),
  fault('distrust', 'The client stops trusting its content while something is in flight (R6).', whom),
  fault('stale-device', 'The device\'s copy goes back by some saves, then the tab dies.', { ...whom, count: wholeRange.default({ least: 1, most: 3 }).describe('Saves.') }),
  fault('role', 'The user\'s role in the document changes, and is editor again after `for`.', {
    ...whom,
    role: z.enum(['viewer', 'commenter', 'editor']).default('viewer').describe('The other role.'),
    for: lasting,
  }),
  fault('revoke', 'The user\'s grant is removed: nothing is delivered to him 5 s later.', whom),
  // Nodes
  fault('kill', 'The node dies at once; it starts again after `for`.', { ...struckNode, for: lasting }),
  fault('drain', 'The node goes down in order; it starts again after `for`.', { ...struckNode, for: lasting }),
  fault('pause', 'The node stops in the middle of things, as by SIGSTOP or a long collection of garbage.', { ...struckNode, for: lasting }),
  fault('clock', 'The node\'s wall clock jumps.', { ...struckNode, by: signedDuration.describe('How far; negative is back.') }),
  fault('slow', 'The node\'s processor is slower.', { ...struckNode, factor: positiveNumber.describe('2: twice as slow.'), for: lasting }),
  // Stores
  fault('ambiguous', 'The next append answers that it does not know.', {
    ...concernedNode,
    outcome: z.enum(['applied', 'lost', 'either']).default('either').describe('Whether it was applied.'),
  }),
  fault('storage', 'The store does not answer.', { ...concernedNode, unavailable: z.enum(['writes', 'everything']).default('everything').describe('What fails.'), for: lasting }),
  fault('storage-slow', 'Each call to the store takes longer.', { ...concernedNode, delay: duration.describe('How much longer.'), for: lasting }),
  fault('permissions', 'Roles cannot be asked for.', { ...concernedNode, for: lasting }),
  fault('keys', 'The keys that tokens are verified with cannot be fetched.', { ...concernedNode, for: lasting }),
  // Network
  fault('partition', 'Nothing passes between two sides.', {
    a: sides.describe('Nodes, groups, actors, or `storage`.'),
    b: sides.describe('The other side.'),
    oneWay: z.boolean().default(false).describe('Only what goes from `a` to `b` is lost.'),
    for: lasting,
  }),
  // Documents
  fault('delete', 'The document is deleted.', document),
  fault('lose-tail', 'All nodes die, the log loses its last rows, as after promotion of a replica that lagged (R15), and they start again.', {
    ...document,
    count: wholeRange.default({ least: 1, most: 4 }).describe('Rows lost.'),
  }),
  fault('flip-bit', 'One bit of the newest snapshot flips.', document),
] as const

export const faultSchema = z.discriminatedUnion('fault', FAULTS).refine((fault) => [fault.at, fault.every, fault.rate].filter((value) => value !== undefined).length === 1, {
  error: 'needs exactly one of at, every, rate',
})

export type Fault = z.output<typeof faultSchema>
export type FaultName = Fault['fault']
