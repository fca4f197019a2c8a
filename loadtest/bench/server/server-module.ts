import type { BenchModule } from '../bench-module.ts'
import { durableOperationRows } from './durable-operations.ts'
import { hotDocumentRows } from './hot-document.ts'
import { openHistoryRows } from './open-history.ts'
import { startTimeRows } from './start-time.ts'
import { unaryCallRows } from './unary-calls.ts'

/** The server as a whole, beside other servers doing the same work. */
export const serverModule: BenchModule = { name: 'server', rows: [...durableOperationRows, ...hotDocumentRows, ...startTimeRows, ...openHistoryRows, ...unaryCallRows] }
