import { mergeConfig } from 'vitest/config'
import { suite } from './vitest.shared.ts'

/** `make test-browser`: real servers, headless Chromium, one file at a time on two cores. */
export default mergeConfig(suite({ include: ['sdk/editor/test/**/*.browser.test.ts'], testTimeout: 90_000, maxWorkers: 1 }), {
  test: { globalSetup: ['sdk/editor/test/support/global-setup.ts'] },
})
