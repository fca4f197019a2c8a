import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer, type TestServer } from './testing/test-server.ts'

const run = promisify(execFile)

let server: TestServer
let address: string
let bearer: string
beforeAll(async () => {
  server = await testServer()
  address = `127.0.0.1:${server.port}`
  bearer = `authorization: Bearer ${await server.token()}`
})
afterAll(() => server.close())

async function grpcurl(...args: readonly string[]): Promise<string> {
  return (await run('grpcurl', ['-plaintext', '-H', bearer, ...args])).stdout
}

describe('grpcurl, by reflection', () => {
  test('lists and describes what is served', async () => {
    expect((await grpcurl(address, 'list')).trim().split('\n')).toEqual(expect.arrayContaining(['concord.v1.AdminService', 'concord.v1.DocumentService', 'concord.v1.HistoryService', 'concord.v1.PresenceService', 'concord.v1.SyncService', 'grpc.health.v1.Health']))
    expect(await grpcurl(address, 'describe', 'concord.v1.Operation')).toContain('repeated uint32 components')
    expect(await grpcurl(address, 'describe', 'concord.v1.SyncService.Submit')).toContain('SubmitResponse')
    await expect(grpcurl(address, 'describe', 'concord.v1.Nothing')).rejects.toThrow('not found')
  })

  test('creates, opens, submits, reads, watches', async () => {
    await grpcurl('-d', '{"documentId":"curled","document":{"title":"Curled"}}', address, 'concord.v1.DocumentService/CreateDocument')
    const { opened } = JSON.parse(await grpcurl('-d', '{"open":{"document":"documents/curled"}}', address, 'concord.v1.SyncService/Open')) as { opened: { session: string; clientId: string } }
    const { session, clientId } = opened
    const body = JSON.stringify({ document: 'documents/curled', submit: { session, clientId, seq: 1, operation: { components: [21], text: 'hello' } } })
    expect(JSON.parse(await grpcurl('-d', body, address, 'concord.v1.SyncService/Submit'))).toMatchObject({ ack: { version: '1' } })
    expect(await grpcurl('-d', '{"name":"documents/curled","view":"DOCUMENT_VIEW_FULL","format":"CONTENT_FORMAT_TEXT"}', address, 'concord.v1.DocumentService/GetDocument')).toContain('"text": "hello"')
    const watched = await grpcurl('-max-time', '1', '-d', '{"open":{"document":"documents/curled"}}', address, 'concord.v1.SyncService/Watch').catch((error: unknown) => (error as { stdout: string }).stdout)
    expect(watched).toContain('"opened"')
    expect(watched).toContain('"text": "hello"')
  })

  test('health', async () => {
    expect(JSON.parse(await grpcurl(address, 'grpc.health.v1.Health/Check'))).toEqual({ status: 'SERVING' })
  })
})

test('curl watches a document: JSON behind a prefix of five bytes', async () => {
  await (await server.caller()).create('by-curl')
  const message = Buffer.from('{"open":{"document":"documents/by-curl"}}')
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(message.length, 1)
  const headers = [bearer, 'content-type: application/connect+json', 'connect-protocol-version: 1'].flatMap((header) => ['-H', header])
  const watching = run('curl', ['-sN', '--max-time', '1', ...headers, '--data-binary', '@-', `${server.url}/concord.v1.SyncService/Watch`])
  watching.child.stdin?.end(Buffer.concat([prefix, message]))
  const { stdout } = await watching.catch((error: unknown) => error as { stdout: string })
  expect(stdout).toContain('{"frame":{"opened":{')
})
