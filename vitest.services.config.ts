import { suite } from './vitest.shared.ts'

/** `make test-services`: real processes and tools; one file at a time, because they share ports and cores. */
export default suite({ include: ['{sdk,server,sim,loadtest,docs}/**/*.services.test.ts'], testTimeout: 300_000, maxWorkers: 1 })
