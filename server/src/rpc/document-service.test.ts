import { ContentFormat, DocumentView, HistoryService, Role } from '@concord/proto'
import { createClient } from '@connectrpc/connect'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertion } from './testing/fake-hub.ts'
import { type Caller, testServer, type TestServer } from './testing/test-server.ts'

const INVALID_ARGUMENT = 3
const NOT_FOUND = 5
const ALREADY_EXISTS = 6
const PERMISSION_DENIED = 7
const FAILED_PRECONDITION = 9
const ABORTED = 10
const OUT_OF_RANGE = 11

let server: TestServer
let ada: Caller
let bob: Caller
beforeAll(async () => {
  server = await testServer()
  ada = await server.caller()
  bob = await server.caller({ user: 'bob' })
})
afterAll(() => server.close())

const code = (wanted: number) => ({ code: wanted })

describe('documents', () => {
  test('an id of its own choice, or of the caller, once', async () => {
    const { document } = await ada.documents.createDocument({ document: { title: 'Free' } })
    expect(document?.name).toMatch(/^documents\/[a-z2-7]{16}$/)
    await ada.create('taken')
    await expect(ada.create('taken')).rejects.toMatchObject(code(ALREADY_EXISTS))
    await expect(ada.documents.createDocument({ documentId: 'typed', document: { type: 'sheet' } })).rejects.toMatchObject(code(INVALID_ARGUMENT))
  })

  test.each(['x'.repeat(201), 'hidden\u202etitle', 'a\u0000b', 'line\nbreak'])('the title %j is refused', async (title) => {
    await expect(ada.documents.createDocument({ document: { title } })).rejects.toMatchObject(code(INVALID_ARGUMENT))
  })

  test('content in every format, and of the past', async () => {
    await ada.create('formats')
    await ada.edit('documents/formats', () => insertion(0, '<b>one</b>\n'), 0)
    await ada.edit('documents/formats', () => insertion(11, 'zero\n'), 0)
    const read = async (format: ContentFormat, version = 0n) => (await ada.documents.getDocument({ name: 'documents/formats', view: DocumentView.FULL, format, version })).document?.content
    expect((await read(ContentFormat.TEXT))?.content).toEqual({ case: 'text', value: 'zero\n<b>one</b>\n' })
    expect((await read(ContentFormat.HTML))?.content).toEqual({ case: 'html', value: '<p>zero</p>\n<p>&lt;b&gt;one&lt;/b&gt;</p>' })
    expect((await read(ContentFormat.MARKDOWN))?.content.value).toContain('&lt;b\\>one')
    expect((await read(ContentFormat.UNSPECIFIED))?.content).toMatchObject({ case: 'runs', value: { text: 'zero\n<b>one</b>\n' } })
    expect(await read(ContentFormat.TEXT, 1n)).toMatchObject({ version: 1n, content: { value: '<b>one</b>\n' } })
    await expect(read(ContentFormat.TEXT, 3n)).rejects.toMatchObject(code(OUT_OF_RANGE))
    await expect(read(9 as ContentFormat)).rejects.toMatchObject(code(INVALID_ARGUMENT))
    expect((await ada.documents.getDocument({ name: 'documents/formats' })).document).toMatchObject({ version: 2n, role: Role.OWNER })
  })

  test('lists what the caller may read, in pages', async () => {
    const carol = await server.caller({ user: 'carol' })
    for (const id of ['c1', 'c2', 'c3']) await carol.create(id)
    const first = await carol.documents.listDocuments({ pageSize: 2 })
    const second = await carol.documents.listDocuments({ pageSize: 2, pageToken: first.nextPageToken })
    expect([...first.documents, ...second.documents].map(({ name }) => name).toSorted()).toEqual(['documents/c1', 'documents/c2', 'documents/c3'])
    expect(second.nextPageToken).toBe('')
    await expect(carol.documents.listDocuments({ pageSize: -1 })).rejects.toMatchObject(code(INVALID_ARGUMENT))
    await expect(carol.documents.listDocuments({ pageToken: 'nonsense!' })).rejects.toMatchObject(code(INVALID_ARGUMENT))
  })

  test('a rename needs the etag when one is given, and nothing else can be changed', async () => {
    const { document } = await ada.create('renamed')
    const name = 'documents/renamed'
    expect((await ada.documents.updateDocument({ document: { name, title: 'New', etag: document!.etag } })).document?.title).toBe('New')
    await expect(ada.documents.updateDocument({ document: { name, title: 'Again', etag: document!.etag } })).rejects.toMatchObject(code(ABORTED))
    await expect(ada.documents.updateDocument({ document: { name, title: 'x' }, updateMask: { paths: ['creator'] } })).rejects.toMatchObject(code(INVALID_ARGUMENT))
  })

  test('deleted is not found, for everybody, and its id stays taken', async () => {
    await ada.create('deleted')
    await ada.documents.deleteDocument({ name: 'documents/deleted' })
    await expect(ada.documents.getDocument({ name: 'documents/deleted' })).rejects.toMatchObject(code(NOT_FOUND))
    await expect(ada.create('deleted')).rejects.toMatchObject(code(ALREADY_EXISTS))
  })
})

describe('grants', () => {
  const document = 'documents/shared'
  beforeAll(() => ada.create('shared'))

  test('editors invite at or below their role and change nothing that is there; owners do', async () => {
    const grant = (as: Caller, userId: string, role: Role) => as.documents.setGrant({ document, grant: { userId, role } })
    await expect(grant(bob, 'bob', Role.OWNER)).rejects.toMatchObject(code(NOT_FOUND))
    await grant(ada, 'bob', Role.VIEWER)
    await expect(grant(bob, 'eve', Role.VIEWER)).rejects.toMatchObject(code(PERMISSION_DENIED))
    await grant(ada, 'bob', Role.EDITOR)
    await grant(bob, 'eve', Role.EDITOR)
    await expect(grant(bob, 'dan', Role.OWNER)).rejects.toMatchObject(code(PERMISSION_DENIED))
    await expect(grant(bob, 'eve', Role.VIEWER)).rejects.toMatchObject(code(PERMISSION_DENIED))
    await expect(grant(bob, 'ada', Role.EDITOR)).rejects.toMatchObject(code(PERMISSION_DENIED))
    await expect(bob.documents.deleteGrant({ document, userId: 'eve' })).rejects.toMatchObject(code(PERMISSION_DENIED))
    await ada.documents.deleteGrant({ document, userId: 'eve' })
    expect((await bob.documents.listGrants({ document })).grants.map(({ userId, role }) => [userId, role])).toEqual([['ada', Role.OWNER], ['bob', Role.EDITOR]])
  })

  test('a document keeps an owner', async () => {
    await expect(ada.documents.deleteGrant({ document, userId: 'ada' })).rejects.toMatchObject(code(FAILED_PRECONDITION))
    await expect(ada.documents.setGrant({ document, grant: { userId: 'ada', role: Role.EDITOR } })).rejects.toMatchObject(code(FAILED_PRECONDITION))
  })

  test('users and roles that cannot be', async () => {
    for (const userId of ['', '__proto__', 'a b', 'а', 'x'.repeat(129), 'a\0']) await expect(ada.documents.setGrant({ document, grant: { userId, role: Role.VIEWER } })).rejects.toMatchObject(code(INVALID_ARGUMENT))
    await expect(ada.documents.setGrant({ document, grant: { userId: 'x', role: Role.UNSPECIFIED } })).rejects.toMatchObject(code(INVALID_ARGUMENT))
  })
})

test('history in pages, without gaps', async () => {
  await ada.create('history')
  for (let length = 0; length < 5; length += 1) await ada.edit('documents/history', () => insertion(length, 'x'), length)
  const history = createClient(HistoryService, ada.transport)
  const first = await history.listOperations({ document: 'documents/history', pageSize: 3 })
  const second = await history.listOperations({ document: 'documents/history', pageSize: 3, pageToken: first.nextPageToken })
  expect([...first.operations, ...second.operations].map(({ change }) => Number(change?.version))).toEqual([1, 2, 3, 4, 5])
  expect(second.nextPageToken).toBe('')
  expect((await history.listOperations({ document: 'documents/history', after: 4n })).operations).toHaveLength(1)
  await expect(history.listOperations({ document: 'documents/history', pageToken: 'x' })).rejects.toMatchObject(code(INVALID_ARGUMENT))
  await expect(createClient(HistoryService, bob.transport).listOperations({ document: 'documents/history' })).rejects.toMatchObject(code(NOT_FOUND))
})
