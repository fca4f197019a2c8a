import type { BenchModule } from '../bench-module.ts'
import { bigDocumentRows } from './big-document.ts'
import { logBytesRows } from './log-bytes.ts'
import { offlineBranchesRows } from './offline-branches.ts'
import { replayRows } from './replay-trace.ts'
import { staleRows } from './stale-operation.ts'
import { transformRows } from './transform-pairs.ts'

/** The algebra and the document text, beside text libraries and CRDTs. */
export const otModule: BenchModule = {
  name: 'ot',
  rows: [...replayRows, ...transformRows, ...staleRows, ...offlineBranchesRows, ...bigDocumentRows, ...logBytesRows],
}
