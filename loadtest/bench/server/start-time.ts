import type { BenchRow } from '../bench-module.ts'
import { startConcord, startPeer } from './server-process.ts'

export const startTimeRows: readonly BenchRow[] = [
  {
    id: 'start-time',
    title: 'start on an empty data folder, from the command to the ready line',
    unit: 'ms',
    better: 'lower',
    target: 1_000,
    ours: {
      name: 'concord',
      async measure() {
        const server = await startConcord()
        await server.stop()
        return [server.startMs]
      },
    },
    peers: [
      {
        name: 'sharedb',
        async measure() {
          const server = await startPeer('sharedb-server.ts')
          await server.stop()
          return [server.startMs]
        },
      },
    ],
  },
]
