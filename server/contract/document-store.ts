import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DocumentKey, DocumentRecord, DocumentStore } from '../src/ports/index.ts'
import { StorageUnavailable } from '../src/ports/index.ts'
import type { Harness, Opened } from './harness.ts'
import { FOREIGN_NOTES, NOTES, PLANS } from './harness.ts'

/** What every store of documents and grants must do. */
export function documentStoreContract(name: string, makeHarness: () => Promise<Harness<DocumentStore>>): void {
  describe(`DocumentStore contract: ${name}`, () => {
    let harness: Harness<DocumentStore>
    let opened: Opened<DocumentStore>
    const store = () => opened.store
    beforeEach(async () => {
      harness = await makeHarness()
      opened = await harness.open()
    })
    afterEach(async () => {
      await opened.close()
      await harness.destroy()
    })

    creation(store)
    changes(store)
    deletion(store)
    listing(store)
    grants(store)
    lastOwner(store)

    test('opened again, everything is as it was', async () => {
      await created(store(), NOTES, 10)
      await store().setGrant(NOTES, { userId: 'ben', role: 'viewer' })
      const before = await store().get(NOTES)
      await opened.close()
      opened = await harness.open()
      expect(await store().get(NOTES)).toEqual(before)
      expect(await store().role(NOTES, 'ben')).toBe('viewer')
      expect((await store().list('local', 'ben', 10)).documents).toEqual([before])
    })

    test('without writes: changes reject, reads answer, nothing has changed, and it heals', async () => {
      const before = await created(store(), NOTES, 10)
      await opened.faults.unavailable('writes')
      const writes = [
        store().create(PLANS, { title: 'Plans', type: 'text', creator: 'ada', at: 1 }),
        store().update(NOTES, { title: 'Other', at: 11 }),
        store().delete(NOTES, 11),
        store().setGrant(NOTES, { userId: 'ben', role: 'editor' }),
        store().deleteGrant(NOTES, 'ada'),
        store().touch(NOTES, 11),
      ]
      for (const write of await Promise.allSettled(writes)) {
        expect(write.status === 'rejected' && write.reason).toBeInstanceOf(StorageUnavailable)
      }
      expect(await store().get(NOTES)).toEqual(before)
      await opened.faults.unavailable('nothing')
      expect(await store().update(NOTES, { title: 'Other', at: 12 })).toMatchObject({ title: 'Other' })
      expect(await store().get(PLANS)).toBeUndefined()
    })

    test('a closed store rejects', async () => {
      await opened.close()
      await expect(store().get(NOTES)).rejects.toBeInstanceOf(StorageUnavailable)
    })
  })
}

async function created(store: DocumentStore, doc: DocumentKey, at: number, creator = 'ada'): Promise<DocumentRecord> {
  const record = await store.create(doc, { title: `Title of ${doc.id}`, type: 'text', creator, at })
  if (record === 'exists') throw new Error(`${doc.id} was there already`)
  return record
}

function creation(store: () => DocumentStore): void {
  test('a new document has its fields, and its creator is the owner', async () => {
    const record = await created(store(), NOTES, 1_781_000_000_123)
    expect(record).toEqual({
      key: NOTES,
      title: 'Title of notes',
      type: 'text',
      creator: 'ada',
      createdAt: 1_781_000_000_123,
      updatedAt: 1_781_000_000_123,
      etag: expect.stringMatching(/./) as string,
    })
    expect(await store().get(NOTES)).toEqual(record)
    expect(await store().role(NOTES, 'ada')).toBe('owner')
    expect(await store().grants(NOTES)).toEqual([{ userId: 'ada', role: 'owner' }])
  })

  test('an id is taken once, also by creators at the same time', async () => {
    const rivals = ['ada', 'ben', 'cleo'].map((creator) => store().create(NOTES, { title: creator, type: 'text', creator, at: 1 }))
    const outcomes = await Promise.all(rivals)
    const winner = outcomes.find((outcome) => outcome !== 'exists')
    expect(outcomes.filter((outcome) => outcome === 'exists')).toHaveLength(2)
    expect(await store().get(NOTES)).toEqual(winner)
    expect(await store().grants(NOTES)).toEqual([{ userId: winner?.creator, role: 'owner' }])
  })

  test('tenants are apart: the same id is another document', async () => {
    await created(store(), NOTES, 1)
    expect(await store().get(FOREIGN_NOTES)).toBeUndefined()
    expect(await store().role(FOREIGN_NOTES, 'ada')).toBeUndefined()
    await created(store(), FOREIGN_NOTES, 2, 'ben')
    expect((await store().list('local', 'ben', 10)).documents).toEqual([])
    expect(await store().delete(FOREIGN_NOTES, 3)).toBe('deleted')
    expect(await store().get(NOTES)).toMatchObject({ title: 'Title of notes' })
  })

  test('names that mean something to JavaScript are names like any other', async () => {
    await created(store(), { tenant: '__proto__', id: 'constructor' }, 1, '__proto__')
    expect(await store().role({ tenant: '__proto__', id: 'constructor' }, 'constructor')).toBeUndefined()
    expect(await store().role({ tenant: '__proto__', id: 'constructor' }, '__proto__')).toBe('owner')
  })
}

function changes(store: () => DocumentStore): void {
  test('a title changes, the etag with it, and the fresh etag is accepted', async () => {
    const before = await created(store(), NOTES, 10)
    const after = await store().update(NOTES, { title: 'New', at: 20, etag: before.etag })
    expect(after).toMatchObject({ title: 'New', createdAt: 10, updatedAt: 20 })
    const { etag } = after as DocumentRecord
    expect(etag).not.toBe(before.etag)
    expect(await store().update(NOTES, { title: 'Newer', at: 30, etag })).toMatchObject({ title: 'Newer' })
  })

  test('a stale etag changes nothing; without one the last writer wins', async () => {
    const before = await created(store(), NOTES, 10)
    const current = await store().update(NOTES, { title: 'First', at: 20 })
    expect(await store().update(NOTES, { title: 'Second', at: 30, etag: before.etag })).toBe('stale')
    expect(await store().get(NOTES)).toEqual(current)
  })

  test('of two updates with one etag at the same time one wins', async () => {
    const { etag } = await created(store(), NOTES, 10)
    const outcomes = await Promise.all(['A', 'B'].map((title) => store().update(NOTES, { title, at: 20, etag })))
    expect(outcomes.filter((outcome) => outcome === 'stale')).toHaveLength(1)
  })

  test('the etag follows grants, not the content', async () => {
    const { etag } = await created(store(), NOTES, 10)
    await store().touch(NOTES, 50)
    expect(await store().get(NOTES)).toMatchObject({ etag, updatedAt: 50 })
    await store().setGrant(NOTES, { userId: 'ben', role: 'editor' })
    expect((await store().get(NOTES))?.etag).not.toBe(etag)
  })

  test('time never goes back', async () => {
    await created(store(), NOTES, 100)
    await store().touch(NOTES, 40)
    expect((await store().get(NOTES))?.updatedAt).toBe(100)
    expect(await store().update(NOTES, { title: 'x', at: 50 })).toMatchObject({ updatedAt: 100 })
  })

  test('what does not exist is not found', async () => {
    expect(await store().get(NOTES)).toBeUndefined()
    expect(await store().update(NOTES, { title: 'x', at: 1 })).toBe('not_found')
    expect(await store().delete(NOTES, 1)).toBe('not_found')
    expect(await store().grants(NOTES)).toEqual([])
    await store().touch(NOTES, 1)
    expect(await store().get(NOTES)).toBeUndefined()
  })
}

function deletion(store: () => DocumentStore): void {
  test('a deleted document is gone for everybody, and its id stays taken', async () => {
    await created(store(), NOTES, 10)
    await store().setGrant(NOTES, { userId: 'ben', role: 'owner' })
    expect(await store().delete(NOTES, 20)).toBe('deleted')
    expect(await store().get(NOTES)).toBeUndefined()
    expect(await store().role(NOTES, 'ada')).toBeUndefined()
    expect(await store().grants(NOTES)).toEqual([])
    expect((await store().list('local', 'ben', 10)).documents).toEqual([])
    expect(await store().update(NOTES, { title: 'x', at: 30 })).toBe('not_found')
    expect(await store().setGrant(NOTES, { userId: 'cleo', role: 'viewer' })).toBe('not_found')
    expect(await store().deleteGrant(NOTES, 'ben')).toBe('not_found')
    expect(await store().delete(NOTES, 30)).toBe('not_found')
    expect(await store().create(NOTES, { title: 'again', type: 'text', creator: 'ada', at: 40 })).toBe('exists')
  })

  test('a stale etag does not delete', async () => {
    const before = await created(store(), NOTES, 10)
    await store().update(NOTES, { title: 'x', at: 20 })
    expect(await store().delete(NOTES, 30, before.etag)).toBe('stale')
    const { etag } = (await store().get(NOTES))!
    expect(await store().delete(NOTES, 30, etag)).toBe('deleted')
  })
}

function listing(store: () => DocumentStore): void {
  test('a list is what the user has a grant on, last changed first, ties by id', async () => {
    for (const [id, at] of [['b', 10], ['a', 10], ['c', 30], ['d', 20]] as const) await created(store(), { tenant: 'local', id }, at)
    await created(store(), { tenant: 'local', id: 'foreign' }, 99, 'ben')
    await store().touch({ tenant: 'local', id: 'd' }, 40)
    const { documents, nextPageToken } = await store().list('local', 'ada', 10)
    expect(documents.map((doc) => doc.key.id)).toEqual(['d', 'c', 'a', 'b'])
    expect(nextPageToken).toBeUndefined()
  })

  test('pages joined are the list, ties across pages included', async () => {
    const ids = Array.from({ length: 23 }, (_, index) => `doc-${String(index).padStart(2, '0')}`)
    for (const id of ids) await created(store(), { tenant: 'local', id }, 5)
    const seen: string[] = []
    let token: string | undefined
    do {
      const page = await store().list('local', 'ada', 5, token)
      expect(page.documents.length).toBeLessThanOrEqual(5)
      seen.push(...page.documents.map((doc) => doc.key.id))
      token = page.nextPageToken
    } while (token !== undefined)
    expect(seen).toEqual(ids)
  })

  test('a last page that is exactly full has no next one', async () => {
    for (const id of ['a', 'b']) await created(store(), { tenant: 'local', id }, 5)
    expect((await store().list('local', 'ada', 2)).nextPageToken).toBeUndefined()
  })

  test('a page token that no store made lists nothing', async () => {
    await created(store(), NOTES, 5)
    for (const token of ['', 'x', '.', '5.', '-1.a', "5'.a"]) expect((await store().list('local', 'ada', 5, token)).documents).toEqual([])
  })
}

function grants(store: () => DocumentStore): void {
  test('roles are given, changed and taken away', async () => {
    await created(store(), NOTES, 1)
    expect(await store().setGrant(NOTES, { userId: 'ben', role: 'viewer' })).toBe('set')
    expect(await store().setGrant(NOTES, { userId: 'ben', role: 'editor' })).toBe('set')
    expect(await store().role(NOTES, 'ben')).toBe('editor')
    expect(await store().grants(NOTES)).toEqual([
      { userId: 'ada', role: 'owner' },
      { userId: 'ben', role: 'editor' },
    ])
    expect((await store().list('local', 'ben', 10)).documents).toHaveLength(1)
    expect(await store().deleteGrant(NOTES, 'ben')).toBe('deleted')
    expect(await store().role(NOTES, 'ben')).toBeUndefined()
    expect(await store().deleteGrant(NOTES, 'ben')).toBe('not_found')
    expect((await store().list('local', 'ben', 10)).documents).toEqual([])
  })

  test('no grant without a document', async () => {
    expect(await store().setGrant(NOTES, { userId: 'ben', role: 'viewer' })).toBe('not_found')
    expect(await store().role(NOTES, 'ben')).toBeUndefined()
  })
}

function lastOwner(store: () => DocumentStore): void {
  test('the last owner can neither leave nor step down, and nothing changes', async () => {
    const before = await created(store(), NOTES, 1)
    expect(await store().setGrant(NOTES, { userId: 'ada', role: 'editor' })).toBe('last_owner')
    expect(await store().deleteGrant(NOTES, 'ada')).toBe('last_owner')
    expect(await store().setGrant(NOTES, { userId: 'ada', role: 'owner' })).toBe('set')
    expect(await store().get(NOTES)).toEqual(before)
    expect(await store().role(NOTES, 'ada')).toBe('owner')
  })

  test('with a second owner the first may leave', async () => {
    await created(store(), NOTES, 1)
    await store().setGrant(NOTES, { userId: 'ben', role: 'owner' })
    expect(await store().deleteGrant(NOTES, 'ada')).toBe('deleted')
    expect(await store().deleteGrant(NOTES, 'ben')).toBe('last_owner')
  })

  test('two owners leaving at the same time leave one behind', async () => {
    await created(store(), NOTES, 1)
    await store().setGrant(NOTES, { userId: 'ben', role: 'owner' })
    const outcomes = await Promise.all([store().deleteGrant(NOTES, 'ada'), store().deleteGrant(NOTES, 'ben')])
    expect(outcomes.toSorted()).toEqual(['deleted', 'last_owner'])
    expect(await store().grants(NOTES)).toHaveLength(1)
  })
}
