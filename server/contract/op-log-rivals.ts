import { describe, expect, test } from 'vitest'
import { type DocumentKey, type LogRecord, type OpLog, type StorageFaults, StorageUnavailable } from '../src/ports/index.ts'
import { NOTES, aRecord, records } from './harness.ts'
import { upTo, versions, written } from './op-log.ts'

/** Rounds of a race, so that both orders come up where the store does not fix one. */
const RACES = 16

/**
 * The part of the contract that two servers rely on when both believe that a document is theirs. `rival` is the log as the
 * other server reaches it: another connection where the store can have one.
 */
export function opLogRivals(log: () => OpLog, rival: () => OpLog, faults: () => StorageFaults): void {
  describe('two owners', () => {
    takingTurns(log, rival)
    races(log, rival)
    doubts(log, rival, faults)
    sight(log, rival)
  })
}

function takingTurns(log: () => OpLog, rival: () => OpLog): void {
  test('of two claimants the older epoch is fenced, whatever head it knows, until it claims again', async () => {
    const first = await written(log(), NOTES, 2)
    const second = await rival().claim(NOTES, 'second')
    expect(second.head).toBe(2)
    expect(await log().append(NOTES, first, 2, [aRecord(3, first)])).toBe('fenced')
    expect(await rival().append(NOTES, second.epoch, 2, [aRecord(3, second.epoch)])).toBe('committed')
    expect(await log().append(NOTES, first, 3, [aRecord(4, first)])).toBe('fenced')
    const third = await log().claim(NOTES, 'first again')
    expect(third).toEqual({ epoch: expect.any(Number) as number, head: 3 })
    expect(await rival().append(NOTES, second.epoch, 3, [aRecord(4, second.epoch)])).toBe('fenced')
    expect(await log().append(NOTES, third.epoch, 3, [aRecord(4, third.epoch)])).toBe('committed')
    expect((await epochs(rival())).map(String)).toEqual([first, first, second.epoch, third.epoch].map(String))
  })
}

function races(log: () => OpLog, rival: () => OpLog): void {
  test('a claim and an append at the same time: written before the claim and in its head, or fenced', async () => {
    for (let round = 1; round <= RACES; round += 1) {
      const doc = race(round)
      const epoch = await written(log(), doc, 1)
      const [outcome, claim] = await Promise.all([log().append(doc, epoch, 1, records(2, 4, epoch)), rival().claim(doc, 'rival')])
      expect([outcome, claim.head]).toEqual(outcome === 'committed' ? ['committed', 4] : ['fenced', 1])
      expect(await versions(rival(), doc)).toEqual(upTo(claim.head))
      expect(await rival().append(doc, claim.epoch, claim.head, [aRecord(claim.head + 1, claim.epoch)])).toBe('committed')
    }
  })

  test('appends of two epochs at the same time: only the ruling one writes', async () => {
    for (let round = 1; round <= RACES; round += 1) {
      const doc = race(round)
      const old = await written(log(), doc, 1)
      const { epoch } = await rival().claim(doc, 'rival')
      const outcomes = await Promise.all([log().append(doc, old, 1, [aRecord(2, old)]), rival().append(doc, epoch, 1, [aRecord(2, epoch)])])
      expect(outcomes).toEqual(['fenced', 'committed'])
      expect((await log().read(doc, 1, 10, 1_000)).map((record) => record.epoch)).toEqual([epoch])
    }
  })
}

function doubts(log: () => OpLog, rival: () => OpLog, faults: () => StorageFaults): void {
  test.each(['applied', 'lost'] as const)('after a claim nothing of an append in doubt (%s) arrives late', async (fate) => {
    for (let round = 1; round <= RACES; round += 1) {
      const doc = race(round)
      const epoch = await written(log(), doc, 1)
      await faults().nextAppend(fate)
      const [outcome, claim] = await Promise.all([log().append(doc, epoch, 1, [aRecord(2, epoch)]), claimed(rival(), doc)])
      expect(['fenced', 'unknown']).toContain(outcome)
      expect(outcome === 'unknown' && fate === 'applied' ? [1, 2] : [1]).toContain(claim.head)
      expect(await versions(rival(), doc)).toEqual(upTo(claim.head))
      expect(await log().head(doc)).toEqual({ epoch: claim.epoch, version: claim.head })
      // Where the claim came first, the made-up fault still waits for its append.
      if (outcome === 'fenced') expect(await log().append(doc, claim.epoch, 1, [aRecord(2, claim.epoch)])).toBe('unknown')
    }
  })
}

function sight(log: () => OpLog, rival: () => OpLog): void {
  test('what one was told is committed or claimed, the other sees from then on', async () => {
    const { epoch } = await log().claim(NOTES, 'owner')
    for (let head = 0; head < RACES; head += 1) {
      expect(await rival().head(NOTES)).toEqual({ epoch, version: head })
      expect(await log().append(NOTES, epoch, head, [aRecord(head + 1, epoch)])).toBe('committed')
      expect((await rival().read(NOTES, head, 10, 1_000)).map((record) => record.version)).toEqual([head + 1])
    }
    const claim = await rival().claim(NOTES, 'rival')
    expect(await log().head(NOTES)).toEqual({ epoch: claim.epoch, version: RACES })
    expect(await log().epochStarts(NOTES)).toEqual([{ epoch, version: 1 }])
  })

  test('a reader beside a writer never sees a gap, and never less than before', async () => {
    const { epoch } = await log().claim(NOTES, 'owner')
    let seen = 0
    for (let head = 0; head < RACES; head += 1) {
      const [outcome, page] = await Promise.all([log().append(NOTES, epoch, head, [aRecord(head + 1, epoch)]), rival().read(NOTES, 0, 1_000, 1_000_000)])
      expect(outcome).toBe('committed')
      expect(page.map((record) => record.version)).toEqual(upTo(page.length))
      expect(page.length).toBeGreaterThanOrEqual(seen)
      expect([head, head + 1]).toContain(page.length)
      seen = page.length
    }
  })
}

/** A claim that shared the transaction of the append in doubt is in doubt too: then it rejects, and is made again. */
async function claimed(log: OpLog, doc: DocumentKey): Promise<{ epoch: number; head: number }> {
  try {
    return await log.claim(doc, 'rival')
  } catch (error) {
    expect(error).toBeInstanceOf(StorageUnavailable)
    return log.claim(doc, 'rival again')
  }
}

function race(round: number): DocumentKey {
  return { tenant: 'local', id: `race-${round}` }
}

async function epochs(log: OpLog): Promise<number[]> {
  return (await log.read(NOTES, 0, 100, 1_000_000)).map((record: LogRecord) => record.epoch)
}
