import { suite } from './vitest.shared.ts'

/** `make test`: no service, no browser. */
export default suite({
  include: ['{sdk,server,sim,loadtest,docs}/**/*.test.ts'],
  exclude: ['**/*.browser.test.ts', '**/*.long.test.ts', '**/*.services.test.ts', '**/*.sim.test.ts'],
})
