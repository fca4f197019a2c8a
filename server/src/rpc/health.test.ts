import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Health } from '@concord/proto/grpc'
import { createClient } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { describe, expect, test } from 'vitest'
import { testEdge } from './testing/test-edge.ts'

const SERVING = 1
const NOT_SERVING = 2
const SERVICE_UNKNOWN = 3

describe('grpc.health.v1', () => {
  test('answers for the server and each service, lists them, and knows what it does not serve', async () => {
    const edge = await testEdge()
    const health = createClient(Health, createGrpcTransport({ baseUrl: edge.url }))
    expect((await health.check({})).status).toBe(SERVING)
    expect((await health.check({ service: 'concord.v1.SyncService' })).status).toBe(SERVING)
    await expect(health.check({ service: 'nobody' })).rejects.toMatchObject({ code: 5 })
    expect(Object.keys((await health.list({})).statuses)).toContain('concord.v1.DocumentService')
    await edge.close()
  })

  test('watches readiness go', async () => {
    const edge = await testEdge()
    const health = createClient(Health, createGrpcTransport({ baseUrl: edge.url }))
    const abort = new AbortController()
    const watched = health.watch({}, { signal: abort.signal })[Symbol.asyncIterator]()
    const unknown = health.watch({ service: 'nobody' }, { signal: abort.signal })[Symbol.asyncIterator]()
    expect((await watched.next()).value).toMatchObject({ status: SERVING })
    expect((await unknown.next()).value).toMatchObject({ status: SERVICE_UNKNOWN })
    edge.edge.storeHealth(false)
    expect((await watched.next()).value).toMatchObject({ status: NOT_SERVING })
    edge.edge.storeHealth(true)
    expect((await watched.next()).value).toMatchObject({ status: SERVING })
    edge.edge.drain()
    expect((await watched.next()).value).toMatchObject({ status: NOT_SERVING })
    edge.edge.storeHealth(true)
    expect((await health.check({})).status).toBe(NOT_SERVING)
    abort.abort()
    await edge.close()
  })
})

test('frames of sessions are encoded in one place, the shared frame: no carrier encodes for a reader', () => {
  const source = fileURLToPath(new URL('../', import.meta.url))
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !/\.test\.ts$|testing|\.bench\./.test(name))
  const encoding = files.filter((name) => /encodeEnvelopedServerFrame|encodeChange\(|toBinary\((?:ServerFrame|SyncResponse|WatchResponse)Schema/.test(readFileSync(join(source, name), 'utf8')))
  expect(encoding).toEqual([join('codec', 'shared-frame.ts')])
})
