import type { Verb } from './command/command.ts'

export const VERBS: ReadonlyMap<string, Verb> = new Map([
  ['serve', { summary: 'Serve documents, the page and the calls', load: async () => (await import('./verbs/serve.ts')).serve }],
  ['token', { summary: 'Issue a token for a user', load: async () => (await import('./verbs/token.ts')).token }],
  ['config', { summary: 'List every setting of the server with its default', load: async () => (await import('./verbs/config.ts')).config }],
  ['document', { summary: 'Create, list, read, share and delete documents', load: async () => (await import('./verbs/document.ts')).document }],
  ['replay', { summary: 'Replay an editing trace through real clients and check that all agree', load: async () => (await import('./verbs/replay.ts')).replay }],
  ['verify', { summary: 'Recompute a document from its log and compare', load: async () => (await import('./verbs/verify.ts')).verify }],
  ['sim', { summary: 'Run scenarios and campaigns of seeds under virtual time and faults', load: async () => (await import('./verbs/sim/sim.ts')).sim }],
  ['plan', { summary: 'Plan machines and cost from users, documents and rates', load: async () => (await import('./verbs/sim/plan.ts')).plan }],
])
