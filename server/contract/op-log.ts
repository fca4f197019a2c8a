import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DocumentKey, LogRecord, OpLog } from '../src/ports/index.ts'
import { StorageUnavailable } from '../src/ports/index.ts'
import { opLogFailures } from './op-log-failures.ts'
import { opLogRivals } from './op-log-rivals.ts'
import type { Harness, Opened } from './harness.ts'
import { FOREIGN_NOTES, NOTES, PLANS, aRecord, records } from './harness.ts'

/** What every operation log must do, whatever it is made of. */
export function opLogContract(name: string, makeHarness: () => Promise<Harness<OpLog>>): void {
  describe(`OpLog contract: ${name}`, () => {
    let harness: Harness<OpLog>
    let opened: Opened<OpLog>
    const log = () => opened.store
    const reopen = async (): Promise<void> => {
      await opened.close()
      opened = await harness.open()
    }
    beforeEach(async () => {
      harness = await makeHarness()
      opened = await harness.open()
    })
    afterEach(async () => {
      await opened.close()
      await harness.destroy()
    })

    claims(log)
    fences(log)
    batches(log)
    paging(log)
    neighbours(log)
    survival(log, reopen)
    opLogFailures(log, () => opened.faults, reopen)
    opLogRivals(log, () => opened.rival ?? opened.store, () => opened.faults)

    test('a closed log rejects instead of waiting', async () => {
      await opened.close()
      await expect(log().head(NOTES)).rejects.toBeInstanceOf(StorageUnavailable)
      await expect(log().append(NOTES, 1, 0, [aRecord(1, 1)])).rejects.toBeInstanceOf(StorageUnavailable)
    })
  })
}

/** Claims the document and writes `count` records. */
export async function written(log: OpLog, doc: DocumentKey, count: number): Promise<number> {
  const { epoch, head } = await log.claim(doc, `owner of ${doc.tenant}/${doc.id}`)
  expect(await log.append(doc, epoch, head, records(head + 1, head + count, epoch))).toBe('committed')
  return epoch
}

export async function versions(log: OpLog, doc: DocumentKey): Promise<number[]> {
  return (await log.read(doc, 0, 100_000, Number.MAX_SAFE_INTEGER)).map((record) => record.version)
}

/** 1 to `last`. */
export function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}

function claims(log: () => OpLog): void {
  test('an unknown document is empty and was never claimed', async () => {
    expect(await log().head(NOTES)).toEqual({ epoch: 0, version: 0 })
    expect(await log().read(NOTES, 0, 10, 1_000)).toEqual([])
    expect(await log().epochStarts(NOTES)).toEqual([])
  })

  test('the first claim is epoch 1 at head 0, every later one is above, the same owner included', async () => {
    expect(await log().claim(NOTES, 'first')).toEqual({ epoch: 1, head: 0 })
    const second = await log().claim(NOTES, 'second')
    expect(second.epoch).toBeGreaterThan(1)
    const again = await log().claim(NOTES, 'second')
    expect(again.epoch).toBeGreaterThan(second.epoch)
    expect(await log().head(NOTES)).toEqual({ epoch: again.epoch, version: 0 })
  })

  test('a claim tells the head', async () => {
    await written(log(), NOTES, 3)
    expect((await log().claim(NOTES, 'next')).head).toBe(3)
  })

  test('claims at the same time all get different epochs, and only the last may write', async () => {
    const claimed = await Promise.all(upTo(20).map((n) => log().claim(NOTES, `owner ${n}`)))
    const epochs = claimed.map((claim) => claim.epoch)
    expect(new Set(epochs).size).toBe(20)
    const outcomes = await Promise.all(epochs.map((epoch) => log().append(NOTES, epoch, 0, [aRecord(1, epoch)])))
    expect(epochs.filter((_, index) => outcomes[index] === 'committed')).toEqual([Math.max(...epochs)])
  })
}

function fences(log: () => OpLog): void {
  test('an old epoch is fenced and writes nothing', async () => {
    const old = await written(log(), NOTES, 2)
    const { epoch } = await log().claim(NOTES, 'new owner')
    expect(await log().append(NOTES, old, 2, [aRecord(3, old)])).toBe('fenced')
    expect(await versions(log(), NOTES)).toEqual([1, 2])
    expect(await log().append(NOTES, epoch, 2, [aRecord(3, epoch)])).toBe('committed')
  })

  test('an epoch that was never claimed is fenced', async () => {
    expect(await log().append(NOTES, 1, 0, [aRecord(1, 1)])).toBe('fenced')
    expect(await log().append(NOTES, 0, 0, [aRecord(1, 0)])).toBe('fenced')
    const epoch = await written(log(), NOTES, 1)
    expect(await log().append(NOTES, epoch + 1, 1, [aRecord(2, epoch + 1)])).toBe('fenced')
    expect(await versions(log(), NOTES)).toEqual([1])
  })

  test('a head that is too low or too high is fenced', async () => {
    const epoch = await written(log(), NOTES, 3)
    expect(await log().append(NOTES, epoch, 2, [aRecord(3, epoch)])).toBe('fenced')
    expect(await log().append(NOTES, epoch, 4, [aRecord(5, epoch)])).toBe('fenced')
    expect(await versions(log(), NOTES)).toEqual([1, 2, 3])
  })

  test('of appends to one version at the same time exactly one commits', async () => {
    const { epoch } = await log().claim(NOTES, 'owner')
    const rivals = upTo(8).map((n) => log().append(NOTES, epoch, 0, [aRecord(1, epoch, { clientSeq: n })]))
    const outcomes = await Promise.all(rivals)
    expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'fenced')).toHaveLength(7)
    const [row] = await log().read(NOTES, 0, 10, 1_000)
    expect(row?.clientSeq).toBe(outcomes.indexOf('committed') + 1)
  })

  test('records out of step with the append are a fault of the caller', async () => {
    const { epoch } = await log().claim(NOTES, 'owner')
    await expect(log().append(NOTES, epoch, 0, [aRecord(2, epoch)])).rejects.toBeInstanceOf(RangeError)
    await expect(log().append(NOTES, epoch, 0, [aRecord(1, epoch + 1)])).rejects.toBeInstanceOf(RangeError)
    for (const over of [{ at: 0.5 }, { clientSeq: -1 }, { baseVersion: Number.NaN }, { format: 2 ** 53 }]) {
      await expect(log().append(NOTES, epoch, 0, [aRecord(1, epoch, over)]), JSON.stringify(over)).rejects.toBeInstanceOf(RangeError)
    }
    expect(await versions(log(), NOTES)).toEqual([])
  })
}

function batches(log: () => OpLog): void {
  test('a batch is written whole, in order, without gaps', async () => {
    const epoch = await written(log(), NOTES, 500)
    expect(await log().append(NOTES, epoch, 500, records(501, 700, epoch))).toBe('committed')
    expect(await versions(log(), NOTES)).toEqual(upTo(700))
  })

  test('a fenced batch leaves nothing behind', async () => {
    const epoch = await written(log(), NOTES, 5)
    expect(await log().append(NOTES, epoch, 4, records(5, 60, epoch))).toBe('fenced')
    expect(await versions(log(), NOTES)).toEqual(upTo(5))
  })

  test('every field comes back as it was written', async () => {
    const { epoch } = await log().claim(NOTES, 'owner')
    const rows = fieldCases(epoch)
    expect(await log().append(NOTES, epoch, 0, rows)).toBe('committed')
    expect(await log().read(NOTES, 0, 100, 1_000_000)).toEqual(rows)
  })

  test('later changes to the buffers of the caller do not reach the log', async () => {
    const { epoch } = await log().claim(NOTES, 'owner')
    const bytes = Uint8Array.of(1, 2, 3)
    const append = log().append(NOTES, epoch, 0, [aRecord(1, epoch, { bytes })])
    await append
    bytes.fill(9)
    expect((await log().read(NOTES, 0, 1, 100))[0]?.bytes).toEqual(Uint8Array.of(1, 2, 3))
  })
}

/** Bounds and oddities of each field. */
function fieldCases(epoch: number): LogRecord[] {
  const window = Uint8Array.of(7, 8, 9, 10).subarray(1, 3)
  return [
    aRecord(1, epoch, { clientId: 'ffffffffffffffff', clientSeq: Number.MAX_SAFE_INTEGER, baseVersion: 0 }),
    aRecord(2, epoch, { userId: 'użytkownik 🙂', at: 0, algorithm: 4_000_000_000 }),
    aRecord(3, epoch, { bytes: new Uint8Array(0), submitted: new Uint8Array(0) }),
    aRecord(4, epoch, { bytes: window, submitted: Uint8Array.of(0, 255) }),
    aRecord(5, epoch, { bytes: new Uint8Array(200_000).fill(171), at: Number.MAX_SAFE_INTEGER }),
    aRecord(6, epoch, { userId: '__proto__', format: 2 }),
  ]
}

function paging(log: () => OpLog): void {
  test('a page begins after the version asked for and ends at the record limit', async () => {
    await written(log(), NOTES, 10)
    const page = await log().read(NOTES, 3, 4, 1_000_000)
    expect(page.map((record) => record.version)).toEqual([4, 5, 6, 7])
    expect(await log().read(NOTES, 10, 4, 1_000_000)).toEqual([])
    expect(await log().read(NOTES, 99, 4, 1_000_000)).toEqual([])
  })

  test('a page ends with the record that reaches the byte limit', async () => {
    const { epoch } = await log().claim(NOTES, 'owner')
    const tenBytes = upTo(10).map((version) => aRecord(version, epoch, { bytes: new Uint8Array(6), submitted: new Uint8Array(4) }))
    await log().append(NOTES, epoch, 0, tenBytes)
    expect(await log().read(NOTES, 0, 100, 25)).toHaveLength(3)
    expect(await log().read(NOTES, 0, 100, 30)).toHaveLength(3)
    expect(await log().read(NOTES, 0, 100, 1)).toHaveLength(1)
    expect(await log().read(NOTES, 0, 100, 0)).toHaveLength(1)
  })

  test('pages joined are the log', async () => {
    await written(log(), NOTES, 3_000)
    const seen: number[] = []
    for (;;) {
      const page = await log().read(NOTES, seen.length, 700, 4_000)
      if (page.length === 0) break
      seen.push(...page.map((record) => record.version))
    }
    expect(seen).toEqual(upTo(3_000))
  })
}

function neighbours(log: () => OpLog): void {
  test('documents written at the same time do not disturb each other, fenced ones among them', async () => {
    const docs = upTo(40).map((n) => ({ tenant: 'local', id: `doc-${n}` }))
    const epochs = await Promise.all(docs.map((doc) => log().claim(doc, 'owner').then((claim) => claim.epoch)))
    for (let head = 0; head < 6; head += 2) {
      const outcomes = await Promise.all(
        docs.map((doc, n) => {
          const epoch = epochs[n]! + (n % 5 === 4 ? 1 : 0)
          return log().append(doc, epoch, head, records(head + 1, head + 2, epoch))
        }),
      )
      expect(outcomes).toEqual(docs.map((_, n) => (n % 5 === 4 ? 'fenced' : 'committed')))
    }
    for (const [n, doc] of docs.entries()) expect(await versions(log(), doc)).toEqual(n % 5 === 4 ? [] : upTo(6))
  })

  test('tenants are apart: the same id is another document', async () => {
    await written(log(), NOTES, 4)
    expect(await log().head(FOREIGN_NOTES)).toEqual({ epoch: 0, version: 0 })
    const epoch = await written(log(), FOREIGN_NOTES, 2)
    expect(await versions(log(), NOTES)).toEqual(upTo(4))
    expect(await versions(log(), FOREIGN_NOTES)).toEqual(upTo(2))
    await log().claim(NOTES, 'another')
    expect(await log().head(FOREIGN_NOTES)).toEqual({ epoch, version: 2 })
  })

  test('ids that begin alike are different documents', async () => {
    await written(log(), { tenant: 'local', id: 'note' }, 1)
    await written(log(), NOTES, 2)
    await written(log(), { tenant: 'loca', id: 'lnotes' }, 3)
    expect(await versions(log(), NOTES)).toEqual([1, 2])
  })
}

function survival(log: () => OpLog, reopen: () => Promise<void>): void {
  test('R15: epoch starts name the first version of each epoch, without those that wrote nothing', async () => {
    const first = await written(log(), NOTES, 3)
    await log().claim(NOTES, 'wrote nothing')
    const third = await written(log(), NOTES, 2)
    const starts = [
      { epoch: first, version: 1 },
      { epoch: third, version: 4 },
    ]
    expect(await log().epochStarts(NOTES)).toEqual(starts)
    await reopen()
    expect(await log().epochStarts(NOTES)).toEqual(starts)
    expect(await log().epochStarts(PLANS)).toEqual([])
  })

  test('opened again, the log is as it was, and epochs go on above', async () => {
    const epoch = await written(log(), NOTES, 250)
    const before = await log().read(NOTES, 0, 1_000, 1_000_000)
    await reopen()
    expect(await log().head(NOTES)).toEqual({ epoch, version: 250 })
    expect(await log().read(NOTES, 0, 1_000, 1_000_000)).toEqual(before)
    expect(await log().append(NOTES, epoch, 250, [aRecord(251, epoch)])).toBe('committed')
    expect((await log().claim(NOTES, 'after')).epoch).toBeGreaterThan(epoch)
  })
}
