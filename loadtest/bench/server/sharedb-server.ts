/** ShareDB as a durable server: `sharedb-server.ts FOLDER` prints `sharedb ready URL`. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { peer } from '../peers.ts'
import { durable, type MemoryDb } from './sharedb-store.ts'

interface ShareDb {
  new (options: { db: MemoryDb; suppressPublish?: boolean }): { listen(stream: object): void }
  readonly MemoryDB: new () => MemoryDb
  readonly types: { register(type: object): void }
}

const Backend = await peer<ShareDb>('sharedb', 'script')
const { type } = await peer<{ type: object }>('ot-text-unicode', 'script')
const Stream = await peer<new (socket: object) => NodeJS.EventEmitter>('@teamwork/websocket-json-stream', 'script')
Backend.types.register(type)

const backend = new Backend({ db: durable(new Backend.MemoryDB(), String(process.argv[2])) })
const server = createServer()
new WebSocketServer({ server }).on('connection', (socket) => {
  // A client that leaves in the middle of a write is no fault of the server.
  backend.listen(new Stream(socket).on('error', () => socket.terminate()))
})
server.listen(0, '127.0.0.1', () => console.log(`sharedb ready http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.on('SIGTERM', () => process.exit(0))
