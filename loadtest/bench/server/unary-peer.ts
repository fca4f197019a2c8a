/** A stock connect-node service that answers GetDocument with the same document: `unary-peer.ts FOLDER`. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { create } from '@bufbuild/protobuf'
import { DocumentService, GetDocumentResponseSchema } from '@concord/proto'
import { connectNodeAdapter } from '@connectrpc/connect-node'

const answer = create(GetDocumentResponseSchema, { document: { name: 'documents/read', title: '', type: 'text', role: 4, etag: '1', creator: 'ada', content: { version: 0n, content: { case: 'text' as const, value: '' } } } })
const handler = connectNodeAdapter({ routes: (router) => void router.service(DocumentService, { getDocument: () => answer }) })
const server = createServer(handler)
server.listen(0, '127.0.0.1', () => console.log(`peer ready http://127.0.0.1:${(server.address() as AddressInfo).port}`))
