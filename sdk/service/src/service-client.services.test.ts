import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { credentials } from '@grpc/grpc-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connection, developmentToken } from '../../../server/admin/src/connection.ts'
import { type RunningServer, startServer } from '../../../server/admin/src/replay/with-server.ts'
import { type Operation, ServiceClient, ServiceError } from './index.ts'

let data: string
let server: RunningServer
let client: ServiceClient

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'concord-service-'))
  server = await startServer(['--data', data])
  client = new ServiceClient({ address: new URL(server.url).host, token: () => developmentToken(server.url, 'robot'), channel: credentials.createInsecure() })
})

afterAll(async () => {
  client.close()
  await server.stop()
  await rm(data, { recursive: true })
})

async function create(id: string): Promise<string> {
  await connection(server.url, () => developmentToken(server.url, 'robot')).documents.createDocument({ documentId: id, document: { type: 'text' } })
  return `documents/${id}`
}

function insertAtEnd(baseLength: number, text: string): Operation {
  const insert = text.length * 4 + 1
  return { baseLength, components: baseLength === 0 ? [insert] : [baseLength * 4, insert], text, attributes: [], embeds: [], keys: [] }
}

test('P4 grpc-js: open, submit, watch and list speak the same session', async () => {
  const document = await create('service')
  const { session, clientId, head } = await client.open(document)
  expect(head).toBe(0n)

  const stop = new AbortController()
  const watched: string[] = []
  const watching = (async () => {
    for await (const { frame } of client.watch(document, stop.signal)) {
      watched.push(frame?.$case === 'change' ? `change ${frame.value.version} ${frame.value.operation?.text}` : String(frame?.$case))
      if (watched.filter((line) => line.startsWith('change')).length === 2) break
    }
  })()
  const first = await client.submit(document, { session, clientId, seq: 1n, baseVersion: 0n, operation: insertAtEnd(0, 'Hello') })
  expect(first.version).toBe(1n)
  expect((await client.submit(document, { session, clientId, seq: 2n, baseVersion: 1n, operation: insertAtEnd(5, '!') })).version).toBe(2n)
  await watching
  stop.abort()
  expect(watched.filter((line) => line.startsWith('change'))).toEqual(['change 1 Hello', 'change 2 !'])
  expect(watched[0]).toBe('opened')

  const listed: string[] = []
  for await (const { change } of client.operations(document)) listed.push(`${change?.version} ${change?.author?.userId} ${change?.operation?.text}`)
  expect(listed).toEqual(['1 robot Hello', '2 robot !'])
})

test('R8 a resend of the same bytes is answered alike, other bytes under its number are refused', async () => {
  const document = await create('resend')
  const { session, clientId } = await client.open(document)
  const submit = { session, clientId, seq: 1n, baseVersion: 0n, operation: insertAtEnd(0, 'once') }
  const ack = await client.submit(document, submit)
  expect((await client.submit(document, submit)).version).toBe(ack.version)
  await expect(client.submit(document, { ...submit, operation: insertAtEnd(0, 'else') })).rejects.toMatchObject({ reason: 'SEQ_REUSED', code: 'INVALID_ARGUMENT', advice: 'stop' })
})

test('P5 an unknown document and a stranger get the same refusal, with reason and advice', async () => {
  const document = await create('private')
  const stranger = new ServiceClient({ address: new URL(server.url).host, token: () => developmentToken(server.url, 'stranger'), channel: credentials.createInsecure() })
  const failures = await Promise.all([stranger.open(document), stranger.open('documents/unknown')].map((call) => call.catch((error: unknown) => error)))
  stranger.close()
  expect(failures[0]).toBeInstanceOf(ServiceError)
  expect(failures).toMatchObject([{ reason: 'DOCUMENT_NOT_FOUND', advice: 'stop' }, { reason: 'DOCUMENT_NOT_FOUND', advice: 'stop' }])
  expect(String((failures[0] as Error).message).replace('private', 'unknown')).toBe((failures[1] as Error).message)
})

test('a watch without a document ends with the reason', async () => {
  const frames = client.watch('documents/nowhere', new AbortController().signal)
  await expect(frames.next()).rejects.toMatchObject({ reason: 'DOCUMENT_NOT_FOUND' })
})
