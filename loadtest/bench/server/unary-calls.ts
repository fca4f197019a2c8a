import { createRequire } from 'node:module'
import type { BenchRow } from '../bench-module.ts'
import { call, developmentToken } from './dev-account.ts'
import { startConcord, startPeer } from './server-process.ts'

type Autocannon = (options: object) => Promise<{ readonly requests: { readonly average: number }; readonly non2xx: number; readonly errors: number }>

// It ships no types; what is used of it is above.
const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon

/** Reads of a small document a second, JSON over HTTP/1.1, 50 connections. */
async function reads(url: string, token: string): Promise<number[]> {
  const headers = { 'content-type': 'application/json', 'connect-protocol-version': '1', authorization: `Bearer ${token}` }
  const body = JSON.stringify({ name: 'documents/read', view: 'DOCUMENT_VIEW_FULL', format: 'CONTENT_FORMAT_TEXT' })
  const load = { url: `${url}/concord.v1.DocumentService/GetDocument`, method: 'POST', headers, body, connections: 50 }
  await autocannon({ ...load, duration: 2 })
  const { requests, non2xx, errors } = await autocannon({ ...load, duration: 4 })
  if (non2xx + errors > 0) throw new Error(`${non2xx} refused, ${errors} failed`)
  return [requests.average]
}

export const unaryCallRows: readonly BenchRow[] = [
  {
    id: 'unary-read',
    title: 'GetDocument with content, JSON, 50 connections: token, role and limits checked',
    unit: 'calls/s',
    better: 'higher',
    target: undefined,
    ours: {
      name: 'concord',
      async measure() {
        const server = await startConcord()
        const token = await developmentToken(server.url, 'ada')
        await call(server.url, token, 'DocumentService/CreateDocument', { documentId: 'read', document: { type: 'text' } })
        const rate = await reads(server.url, token)
        await server.stop()
        return rate
      },
    },
    peers: [
      {
        name: 'connect-node',
        async measure() {
          const server = await startPeer('unary-peer.ts')
          const rate = await reads(server.url, 'none')
          await server.stop()
          return rate
        },
      },
    ],
  },
]
