import { connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testEdge, type TestEdge } from './testing/test-edge.ts'

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])

let edge: TestEdge
beforeAll(async () => {
  edge = await testEdge({ limits: { streamsPerConnection: 5 } })
})
afterAll(() => edge.close())

function open(): Socket {
  return connect(edge.port, '127.0.0.1').setNoDelay(true)
}

function firstBytes(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => socket.once('data', resolve).once('error', reject).once('close', () => reject(new Error('closed'))))
}

function afterTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 3))
}

describe('one port', () => {
  test('the HTTP/2 preface split after every byte', async () => {
    for (let split = 1; split < PREFACE.length; split += 1) {
      const socket = open()
      socket.write(PREFACE.subarray(0, split))
      await afterTurn()
      socket.write(Buffer.concat([PREFACE.subarray(split), SETTINGS]))
      const answer = await firstBytes(socket)
      expect({ split, frame: answer[3] }).toEqual({ split, frame: 4 })
      socket.destroy()
    }
  })

  test('the HTTP/2 preface byte by byte', async () => {
    const socket = open()
    for (const byte of PREFACE) {
      socket.write(Buffer.from([byte]))
      await afterTurn()
    }
    socket.write(SETTINGS)
    expect((await firstBytes(socket))[3]).toBe(4)
    socket.destroy()
  })

  test('HTTP/1.1 that begins like the preface', async () => {
    for (const [head, tail] of [['P', 'OST /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n'], ['PR', 'OPFIND /healthz HTTP/1.1\r\nhost: x\r\n\r\n'], ['GET /healthz HT', 'TP/1.1\r\nhost: x\r\n\r\n']] as const) {
      const socket = open()
      socket.write(head)
      await afterTurn()
      socket.write(tail)
      expect((await firstBytes(socket)).toString()).toMatch(/^HTTP\/1\.1 200/)
      socket.destroy()
    }
  })

  test('silence, and a preface never completed, are closed by the deadline', async () => {
    const strict = await testEdge({ limits: { sweepMs: 50, firstMessageMs: 100 } })
    for (const said of ['', 'PRI * HT']) {
      const socket = connect(strict.port, '127.0.0.1')
      if (said !== '') socket.write(said)
      await new Promise<void>((resolve) => socket.resume().once('close', resolve))
    }
    await strict.close()
  })

  test('a header that never ends is closed', async () => {
    const slow = await testEdge({ limits: { sweepMs: 50, headersMs: 150 } })
    const socket = connect(slow.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n')
    expect((await firstBytes(socket)).toString()).toMatch(/^HTTP\/1\.1 408/)
    await slow.close()
  })

  test('more streams than the limit are refused, the others go on', async () => {
    const session = connectHttp2(edge.url)
    await new Promise<void>((resolve) => session.once('remoteSettings', () => resolve()))
    expect(session.remoteSettings.maxConcurrentStreams).toBe(5)
    session.destroy()
  })

  test('a flood of resets ends its connection', async () => {
    const session = connectHttp2(edge.url)
    session.on('error', () => undefined)
    const gone = new Promise<void>((resolve) => session.once('close', () => resolve()).once('goaway', () => resolve()))
    await new Promise<void>((resolve) => session.once('connect', () => resolve()))
    const flood = (): void => {
      if (session.destroyed || session.closed) return
      for (let index = 0; index < 50; index += 1) session.request({ ':path': '/healthz', ':method': 'POST' }).on('error', () => undefined).close(8)
      setTimeout(flood, 5)
    }
    flood()
    await gone
  })
})

describe('plain answers', () => {
  test('health, readiness, page and unknown addresses, on both versions of HTTP', async () => {
    expect((await fetch(`${edge.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${edge.url}/readyz`)).status).toBe(200)
    expect(await (await fetch(edge.url)).text()).toContain('not built')
    expect((await fetch(`${edge.url}/none`)).status).toBe(404)
    const session = connectHttp2(edge.url)
    const stream = session.request({ ':path': '/readyz' })
    const status = await new Promise((resolve) => stream.once('response', (headers) => resolve(headers[':status'])))
    expect(status).toBe(200)
    session.destroy()
  })

  test('not ready while draining', async () => {
    const leaving = await testEdge()
    leaving.edge.drain()
    expect((await fetch(`${leaving.url}/readyz`)).status).toBe(503)
    expect((await fetch(`${leaving.url}/healthz`)).status).toBe(200)
    await leaving.close()
  })
})
