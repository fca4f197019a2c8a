import type { BenchModule } from '../bench-module.ts'
import { durableOperationRows } from './durable-operations.ts'

/** The server as a whole, beside other servers doing the same work. */
export const serverModule: BenchModule = { name: 'server', rows: [...durableOperationRows] }
