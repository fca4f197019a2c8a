import { createServer, type ServerHttp2Stream } from 'node:http2'
import { duplexPair } from 'node:stream'
import { Http2SessionManager } from '@connectrpc/connect-node'
import { expect, test } from 'vitest'
import { WholeAnswers } from './whole-answers.ts'

/** The bytes of an answer that has arrived whole before anybody reads it, or the error that reading it gives. */
async function answerBy(Sessions: typeof Http2SessionManager, answer: 'whole' | 'broken', isAskedFirst = false): Promise<string> {
  const [ours, theirs] = duplexPair()
  const server = createServer()
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => undefined)
    stream.resume().on('end', () => {
      stream.respond({ ':status': 200 })
      if (answer === 'whole') stream.end('all of it')
      else stream.write('some')
    })
  })
  server.emit('connection', theirs)
  const sessions = new Sessions('http://memory', {}, { createConnection: () => ours })
  const stream = await sessions.request('POST', '/', {}, {})
  stream.on('error', () => undefined).end('asked')
  await new Promise((resolve) => stream.once('response', resolve))
  const chunks = isAskedFirst ? stream[Symbol.asyncIterator]() : undefined
  if (answer === 'broken') ours.destroy(new Error('the network broke'))
  await new Promise((resolve) => setTimeout(resolve, 20))
  try {
    let text = ''
    for await (const chunk of chunks ?? stream) text += String(chunk)
    return text
  } catch (error) {
    return `failed: ${String(error)}`
  } finally {
    sessions.abort()
  }
}

test('an answer that has arrived whole is read; Connect alone takes it for a broken one', async () => {
  expect(await answerBy(WholeAnswers, 'whole')).toBe('all of it')
  expect(await answerBy(Http2SessionManager, 'whole')).toContain('Premature close')
})

test('one that breaks off fails', async () => {
  expect(await answerBy(WholeAnswers, 'broken')).toContain('failed')
}, 5_000)

test('one that breaks off after somebody asked for it and before he reads fails for him, and ends no process', async () => {
  expect(await answerBy(WholeAnswers, 'broken', true)).toContain('failed')
}, 5_000)
