import { afterAll, beforeAll, expect, test } from 'vitest'
import { concord, startTestServer, type TestServer } from './in-process.ts'

let server: TestServer
const env = (): Record<string, string> => ({ CONCORD_URL: server.url })

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(async () => {
  await server.stop()
  await server.remove()
})

test('document: create, list, share, get, delete', async () => {
  expect(await concord(env(), 'document', 'create', 'plan', '--title', 'The plan', '--user', 'ada')).toMatchObject({ exit: 0, text: 'documents/plan', value: { title: 'The plan', role: 'owner', version: 0 } })
  expect((await concord(env(), 'document', 'list', '--user', 'ada')).text).toMatch(/documents\/plan +owner +version 0 +The plan/)
  expect((await concord(env(), 'document', 'list', '--user', 'bob')).text).toBe('no documents')
  expect((await concord(env(), 'document', 'share', 'plan', 'bob', 'viewer', '--user', 'ada')).exit).toBe(0)
  expect((await concord(env(), 'document', 'get', 'plan', '--user', 'bob')).value).toMatchObject({ role: 'viewer', content: '' })
  expect((await concord(env(), 'document', 'delete', 'plan', '--user', 'bob')).exit).toBe(1)
  expect((await concord(env(), 'document', 'delete', 'plan', '--user', 'ada')).value).toEqual({ deleted: 'documents/plan' })
  expect(await concord(env(), 'document', 'get', 'plan', '--user', 'ada')).toMatchObject({ exit: 1, text: '' })
})

test.each([
  [['document', 'creat'], 'did you mean create?'],
  [['document', 'share', 'plan', 'bob', 'boss'], 'viewer, commenter, editor, owner'],
  [['document', 'get', 'plan', '--format', 'pdf'], '--format takes text, html, markdown'],
  [['verify'], 'name a document'],
  [['replay'], 'name a trace'],
  [['replay', 'small', '--clients', '1.5'], 'a whole number'],
  [['token'], '--user ada'],
])('usage: %j', async (argv, message) => {
  const { exit, errors } = await concord(env(), ...argv)
  expect(errors).toContain(message)
  expect(exit).toBe(2)
})

test('a server that does not answer is exit code 3', async () => {
  const nobody = { CONCORD_URL: 'http://127.0.0.1:9' }
  expect((await concord(nobody, 'document', 'list')).exit).toBe(3)
  expect((await concord({ ...nobody, CONCORD_TOKEN: 'x' }, 'document', 'list')).exit).toBe(3)
  expect((await concord(nobody, 'verify', 'notes')).exit).toBe(3)
  expect((await concord(nobody, 'replay', 'small')).exit).toBe(3)
})

test('token: by the server, or by the secret in its folder; both are taken', async () => {
  for (const from of [['--url', server.url], ['--data', server.data]]) {
    const { exit, text } = await concord({}, 'token', '--user', 'ada', ...from)
    expect(exit).toBe(0)
    expect((await concord({ ...env(), CONCORD_TOKEN: text }, 'document', 'list')).exit).toBe(0)
  }
})

test('config prints every setting', async () => {
  expect((await concord({}, 'config')).text).toContain('CONCORD_LISTEN')
})

test('P2 one history: a replay ends with clients, server, fold of the log and the trace agreed', async () => {
  const alone = await concord(env(), 'replay', 'small', '--limit', '300', '--document', 'alone')
  expect(alone).toMatchObject({ exit: 0, value: { problems: [], agreed: ['1 client', 'server', 'fold of the log', 'final text of the trace'], edits: 300 } })
  const together = await concord(env(), 'replay', 'small', '--limit', '300', '--document', 'together', '--clients', '4', '--delay', '5')
  expect(together).toMatchObject({ exit: 0, value: { problems: [], agreed: ['4 clients', 'server', 'fold of the log'] } })
  expect((together.value as { visible: { count: number } }).visible.count).toBeGreaterThan(10)
  expect(await concord(env(), 'replay', 'small', '--document', 'alone')).toMatchObject({ exit: 2 })
  expect(await concord(env(), 'verify', 'together', '--user', 'replay-1')).toMatchObject({ exit: 0, value: { ok: true } })
  expect((await concord(env(), 'verify', 'unknown')).exit).toBe(4)
})
