import type { BenchRow } from '../bench-module.ts'
import { ConcordWriter } from './concord-writer.ts'
import { acknowledgedPerSecond } from './document-writer.ts'
import { startConcord, startPeer } from './server-process.ts'
import { ShareDbWriter } from './sharedb-writer.ts'

const LOAD = { documents: 400, warmupMs: 2_000, measureMs: 5_000 }

export const durableOperationRows: readonly BenchRow[] = [
  {
    id: 'durable-operations',
    title: `durable acknowledged operations, ${LOAD.documents} documents, one writer each`,
    unit: 'operations/s',
    better: 'higher',
    target: 25_000,
    ours: {
      name: 'concord',
      async measure() {
        const server = await startConcord()
        const rate = await acknowledgedPerSecond(new ConcordWriter(server.url), LOAD)
        await server.stop()
        return [rate]
      },
    },
    peers: [
      {
        name: 'sharedb',
        async measure() {
          const server = await startPeer('sharedb-server.ts')
          const rate = await acknowledgedPerSecond(new ShareDbWriter(server.url), LOAD)
          await server.stop()
          return [rate]
        },
      },
    ],
  },
]
