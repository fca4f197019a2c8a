import { describe, expect, test } from 'vitest'
import { Contested } from './contested.ts'
import { brief, delta, DOC, type TestClient, World } from './testing/world.ts'

/** A world and a second server on the same stores; both live on. */
async function rivals(): Promise<{ first: World; second: World }> {
  const first = await World.start()
  return { first, second: first.restart() }
}

function endOf(client: TestClient): string {
  const { ended } = client.handle
  return ended === undefined || ended === 'done' ? String(ended) : ended.reason
}

describe('two servers compete for a document', () => {
  test('R2 session: an owner that stands aside without knowing opens no session: what it does not know of may be committed', async () => {
    const { first, second } = await rivals()
    await first.open('bob')
    const ada = await second.open('ada')
    const { clientId } = ada.opened
    await ada.commit(1, 0, delta(0, { insert: 'x' }))
    // The ack is lost; the client comes to the old owner with what it confirmed before.
    await expect(first.open('ada', { version: 0, epoch: 0, clientId, lastSeq: 1 })).rejects.toThrow('OWNER_MOVED')
    const again = await first.open('ada', { version: 0, epoch: 0, clientId, lastSeq: 1 })
    expect(again.opened).toMatchObject({ epoch: 3, head: 1, lastSeq: 1 })
  })

  test('R2 session: while the log does not answer no session is opened', async () => {
    const { first } = await rivals()
    await first.open('bob')
    await first.stores.faults.unavailable('everything')
    await expect(first.open('bob')).rejects.toThrow('STORAGE_UNAVAILABLE')
  })

  test('one question to the log answers all who came before it was asked', async () => {
    const { first } = await rivals()
    await first.open('bob')
    let asked = 0
    const { head } = first.stores.opLog
    first.stores.opLog.head = (doc) => (asked++, head.call(first.stores.opLog, doc))
    await Promise.all(Array.from({ length: 50 }, () => first.open('vic')))
    expect(asked).toBeLessThanOrEqual(2)
  })

  test('an owner that only has readers learns that another took over, and sends them away', async () => {
    const { first, second } = await rivals()
    const bob = await first.open('bob')
    const ada = await second.open('ada')
    await ada.commit(1, 0, delta(0, { insert: 'x' }))
    expect(endOf(bob)).toBe('undefined')
    await first.runtime.advance(7_000)
    expect(endOf(bob)).toBe('OWNER_MOVED')
  })

  test('an owner whose appends commit does not ask', async () => {
    const { first } = await rivals()
    const ada = await first.open('ada')
    let asked = 0
    const { head } = first.stores.opLog
    first.stores.opLog.head = (doc) => (asked++, head.call(first.stores.opLog, doc))
    for (let second = 0; second < 20; second++) {
      await ada.commit(second + 1, second, delta(second, { insert: 'x' }))
      await first.runtime.advance(1_000)
    }
    expect(asked).toBe(0)
    await first.runtime.advance(20_000)
    expect(asked).toBeGreaterThan(2)
  })

  test('while the log does not answer nobody is sent away', async () => {
    const { first } = await rivals()
    const bob = await first.open('bob')
    await first.stores.faults.unavailable('everything')
    await first.runtime.advance(20_000)
    expect(endOf(bob)).toBe('undefined')
  })

  test('R15: a reader of the new owner who comes to the old one is sent away, not told that history forked', async () => {
    const { first, second } = await rivals()
    const bob = await first.open('bob')
    const ada = await second.open('ada')
    await ada.commit(1, 0, delta(0, { insert: 'x' }))
    await expect(first.open('vic', { version: 1, epoch: 2 })).rejects.toThrow('OWNER_MOVED')
    expect(first.count('history_forked_total')).toBe(0)
    expect(endOf(bob)).toBe('OWNER_MOVED')
    const vic = await first.open('vic', { version: 1, epoch: 2 })
    expect(brief(vic.frames)).toEqual(['opened changes'])
  })

  test('a unary submit to a fenced owner is answered from the log, and takes the document from nobody', async () => {
    const { first, second } = await rivals()
    const bob = await first.open('bob')
    await second.open('ada')
    expect(await bob.submit(1, 0, delta(0, { insert: 'x' }))).toMatchObject({ kind: 'failure', error: { reason: 'OWNER_MOVED' } })
    expect(await first.stores.opLog.head(DOC)).toEqual({ epoch: 2, version: 0 })
  })

  test('a unary submit whose append landed before the other claimed is acknowledged from the log', async () => {
    const { first, second } = await rivals()
    const bob = await first.open('bob')
    const { append } = first.stores.opLog
    first.stores.opLog.append = async (doc, ...rest) => {
      await append.call(first.stores.opLog, doc, ...rest)
      await second.stores.opLog.claim(doc, 'second')
      return 'fenced'
    }
    expect(await bob.submit(1, 0, delta(0, { insert: 'x' }))).toMatchObject({ kind: 'ack', ack: { seq: 1, version: 1, epoch: 1 } })
    expect(await first.stores.opLog.head(DOC)).toEqual({ epoch: 2, version: 1 })
  })

  test('whoever loses a document again and again leaves it to the other for a while', async () => {
    const { first, second } = await rivals()
    let claims = 0
    for (const world of [first, second]) {
      const { claim } = world.stores.opLog
      world.stores.opLog.claim = (doc, owner) => (claims++, claim.call(world.stores.opLog, doc, owner))
    }
    const refusals: string[] = []
    for (let turn = 0; turn < 600; turn++) {
      await (turn % 2 === 0 ? first : second).open('bob', { version: 0 }).catch((error: Error) => refusals.push(error.message))
      await first.runtime.advance(100)
    }
    expect(claims).toBeGreaterThan(5)
    expect(claims).toBeLessThan(60)
    expect(new Set(refusals)).toEqual(new Set(['OWNER_MOVED']))
  })
})

describe('contested documents', () => {
  const always = { float: () => 0, bytes: () => new Uint8Array() }

  test('one loss holds nobody up, each further one within a minute twice as long, up to a bound', () => {
    const contested = new Contested(1_000, always)
    const waits = [0, 1, 2, 3, 4, 5, 6, 7].map((loss) => {
      contested.lost('a', loss)
      return contested.wait('a', loss)
    })
    expect(waits).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000])
    expect(contested.wait('b', 8)).toBe(0)
  })

  test('a minute of peace makes it the first loss again', () => {
    const contested = new Contested(1_000, always)
    contested.lost('a', 0)
    contested.lost('a', 10)
    contested.sweep(60_011)
    contested.lost('a', 70_011)
    expect(contested.wait('a', 70_011)).toBe(0)
  })
})
