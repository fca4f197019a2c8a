import { suite } from './vitest.shared.ts'

/** `make test-long`: what takes more than seconds, mostly the same laws with more seeds. */
export default suite({ include: ['{sdk,server,sim,loadtest,docs}/**/*.long.test.ts'], testTimeout: 3_600_000 })
