import { defineConfig } from 'vitest/config'

interface Suite {
  readonly include: string[]
  readonly exclude?: string[]
  /** Milliseconds for one test; no test may depend on speed, so they are generous. */
  readonly testTimeout?: number
  /** Test files at once: two cores are shared by every suite. */
  readonly maxWorkers?: number
}

/** What the suites have in common: workspace packages resolve to their sources, in the runner and in processes it starts. */
export function suite({ include, exclude = [], testTimeout = 240_000, maxWorkers = 2 }: Suite) {
  const conditions = ['source', 'node', 'import', 'default']
  return defineConfig({
    ssr: { resolve: { conditions } },
    resolve: { conditions },
    test: {
      include,
      exclude: ['**/node_modules/**', '**/dist/**', 'loadtest/peers/**', ...exclude],
      pool: 'forks',
      execArgv: ['--conditions=source'],
      maxWorkers,
      testTimeout,
      hookTimeout: testTimeout,
    },
  })
}
