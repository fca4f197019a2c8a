import { mergeConfig } from 'vitest/config'
import { suite } from './vitest.shared.ts'

/** `make test-browser`: real servers and the page they serve, reports of the simulator; headless Chromium, one file at a time on two cores. */
export default mergeConfig(suite({ include: ['sdk/editor/test/**/*.browser.test.ts', 'sim/src/report/**/*.browser.test.ts'], testTimeout: 90_000, maxWorkers: 1 }), {
  test: { globalSetup: ['sdk/editor/test/support/global-setup.ts'] },
})
