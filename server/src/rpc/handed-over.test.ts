import { connect, type IncomingHttpHeaders } from 'node:http2'
import { duplexPair } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import type { Runtime } from '@concord/runtime'
import { systemRuntime } from '@concord/runtime'
import { testEdge, type TestEdge } from './testing/test-edge.ts'

const CLOCK = Date.UTC(2031, 4, 6, 7, 8, 9, 999)

let edge: TestEdge | undefined
afterEach(() => edge?.close())

/** An edge whose wall clock stands still. */
async function begun(): Promise<TestEdge> {
  const runtime: Runtime = { ...systemRuntime, clock: { now: () => CLOCK, monotonic: () => systemRuntime.clock.monotonic() } }
  return (edge = await testEdge({ runtime, listens: false }))
}

/** One GET over an in-memory connection. */
async function get(path: string, to: TestEdge): Promise<{ headers: IncomingHttpHeaders; goneAway: Promise<number>; close: () => void }> {
  const [ours, theirs] = duplexPair()
  to.edge.accept(theirs)
  const session = connect('http://memory', { createConnection: () => ours })
  const goneAway = new Promise<number>((resolve) => session.once('goaway', resolve))
  const headers = await new Promise<IncomingHttpHeaders>((resolve, reject) => session.request({ ':path': path }).once('response', resolve).once('error', reject).resume())
  return { headers, goneAway, close: () => session.close() }
}

test('a connection that was made elsewhere is served, with the date of the clock the server was given', async () => {
  const to = await begun()
  const { headers, close } = await get('/healthz', to)
  expect([headers[':status'], headers['date']]).toEqual([200, 'Tue, 06 May 2031 07:08:09 GMT'])
  close()
})

test('HTTP/1.1 over it too', async () => {
  const to = await begun()
  const [ours, theirs] = duplexPair()
  to.edge.accept(theirs)
  ours.write('GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  let answer = ''
  for await (const chunk of ours) answer += String(chunk)
  expect(answer).toMatch(/^HTTP\/1\.1 200/)
  expect(answer).toContain('date: Tue, 06 May 2031 07:08:09 GMT')
})

test('it is ready without a port, and closing says goodbye and waits until the peer has left', async () => {
  const to = await begun()
  const { headers, goneAway } = await get('/readyz', to)
  expect(headers[':status']).toBe(200)
  let closed = false
  const closing = to.edge.close(5_000).then(() => (closed = true))
  expect(await goneAway).toBe(0)
  await closing
  expect(closed).toBe(true)
})

test('what is left at the deadline is cut', async () => {
  const to = await begun()
  const [ours, theirs] = duplexPair()
  to.edge.accept(theirs)
  const cut = new Promise<void>((resolve) => theirs.once('close', resolve))
  ours.write('PRI * HT')
  await to.edge.close(20)
  await cut
})
