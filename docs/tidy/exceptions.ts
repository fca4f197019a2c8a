/** Files that a check leaves out, each with its reason. One that is not needed any more fails the test. */
export interface Exception {
  readonly check: string
  readonly path: string
  readonly reason: string
}

export const EXCEPTIONS: readonly Exception[] = [
  { check: 'ambient', path: 'sdk/runtime/src/system.ts', reason: 'the one adapter of the real clock, timers and randomness' },
  { check: 'ambient', path: 'sim/src/kernel/drain.ts', reason: 'the one immediate by which the kernel waits for promises to settle' },
  { check: 'ambient', path: 'sim/src/kernel/banned-calls.ts', reason: 'the list of what the guard replaces' },
  { check: 'ambient', path: 'sim/src/scenario/file/load-scenario.ts', reason: 'reads scenario files, before there is a run' },
  { check: 'defaultExport', path: 'vitest.config.ts', reason: 'vitest reads the default export' },
  { check: 'defaultExport', path: 'vitest.browser.config.ts', reason: 'vitest reads the default export' },
  { check: 'defaultExport', path: 'vitest.long.config.ts', reason: 'vitest reads the default export' },
  { check: 'defaultExport', path: 'vitest.services.config.ts', reason: 'vitest reads the default export' },
  { check: 'defaultExport', path: 'vitest.sim.config.ts', reason: 'vitest reads the default export' },
  { check: 'importDirections', path: 'sdk/client/src/node.ts', reason: 'the entry for Node, which alone may load a transport of Node' },
  { check: 'importDirections', path: 'sdk/client/src/transport/whole-answers.ts', reason: 'loaded by the entry for Node alone' },
  { check: 'importDirections', path: 'server/admin/src/verbs/serve.ts', reason: 'the verb that is the server' },
  { check: 'importDirections', path: 'server/admin/src/verbs/config.ts', reason: "prints the server's own table of settings" },
  { check: 'importDirections', path: 'server/admin/src/verbs/token.ts', reason: 'signs with the development secret of a data folder' },
  { check: 'moduleState', path: 'server/src/adapters/sqlite/durability/acknowledging-writer.ts', reason: 'a script that a test starts and kills: a process of its own' },
  { check: 'importDirections', path: 'loadtest/bench/server/history-store.ts', reason: 'fills a log with 260,000 operations, which takes minutes through a server' },
]
