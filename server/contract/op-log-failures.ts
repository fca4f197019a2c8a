import { expect, test } from 'vitest'
import type { OpLog, StorageFaults } from '../src/ports/index.ts'
import { StorageUnavailable } from '../src/ports/index.ts'
import { NOTES, PLANS, aRecord, records } from './harness.ts'
import { upTo, versions, written } from './op-log.ts'

/** The part of the contract that a healthy store never shows: ambiguous commits, and a store that cannot be asked. */
export function opLogFailures(log: () => OpLog, faults: () => StorageFaults, reopen: () => Promise<void>): void {
  ambiguousCommits(log, faults, reopen)
  unavailability(log, faults)
}

function ambiguousCommits(log: () => OpLog, faults: () => StorageFaults, reopen: () => Promise<void>): void {
  test('unknown, applied: after a claim the records are there, once, and the old epoch is fenced', async () => {
    const epoch = await written(log(), NOTES, 2)
    await faults().nextAppend('applied')
    expect(await log().append(NOTES, epoch, 2, records(3, 5, epoch))).toBe('unknown')
    const claim = await log().claim(NOTES, 'after the doubt')
    expect(claim.head).toBe(5)
    expect(await versions(log(), NOTES)).toEqual(upTo(5))
    expect(await log().append(NOTES, epoch, 5, [aRecord(6, epoch)])).toBe('fenced')
    expect(await log().append(NOTES, claim.epoch, 5, [aRecord(6, claim.epoch)])).toBe('committed')
  })

  test('unknown, lost: after a claim the records are not there, now or later', async () => {
    const epoch = await written(log(), NOTES, 2)
    await faults().nextAppend('lost')
    expect(await log().append(NOTES, epoch, 2, records(3, 5, epoch))).toBe('unknown')
    const claim = await log().claim(NOTES, 'after the doubt')
    expect(claim.head).toBe(2)
    expect(await versions(log(), NOTES)).toEqual([1, 2])
    expect(await log().append(NOTES, claim.epoch, 2, [aRecord(3, claim.epoch)])).toBe('committed')
    await reopen()
    expect(await versions(log(), NOTES)).toEqual(upTo(3))
    expect(await log().epochStarts(NOTES)).toEqual([
      { epoch, version: 1 },
      { epoch: claim.epoch, version: 3 },
    ])
  })

  test('unknown counts for one append only', async () => {
    const epoch = await written(log(), NOTES, 1)
    await faults().nextAppend('lost')
    expect(await log().append(NOTES, epoch, 1, [aRecord(2, epoch)])).toBe('unknown')
    expect(await log().append(NOTES, epoch, 1, [aRecord(2, epoch)])).toBe('committed')
  })

  test('an unknown of the first append of an epoch leaves no epoch start behind when it was lost', async () => {
    const { epoch } = await log().claim(NOTES, 'owner')
    await faults().nextAppend('lost')
    expect(await log().append(NOTES, epoch, 0, [aRecord(1, epoch)])).toBe('unknown')
    expect(await log().epochStarts(NOTES)).toEqual([])
    expect(await log().append(NOTES, epoch, 0, [aRecord(1, epoch)])).toBe('committed')
    expect(await log().epochStarts(NOTES)).toEqual([{ epoch, version: 1 }])
  })
}

function unavailability(log: () => OpLog, faults: () => StorageFaults): void {
  test('without writes: appends and claims reject, reads answer, nothing was written, and it heals', async () => {
    const epoch = await written(log(), NOTES, 2)
    await faults().unavailable('writes')
    await expect(log().append(NOTES, epoch, 2, [aRecord(3, epoch)])).rejects.toBeInstanceOf(StorageUnavailable)
    await expect(log().claim(PLANS, 'owner')).rejects.toBeInstanceOf(StorageUnavailable)
    expect(await versions(log(), NOTES)).toEqual([1, 2])
    expect(await log().head(PLANS)).toEqual({ epoch: 0, version: 0 })
    await faults().unavailable('nothing')
    expect(await log().append(NOTES, epoch, 2, [aRecord(3, epoch)])).toBe('committed')
  })

  test('unreachable: everything rejects with StorageUnavailable, and it heals', async () => {
    const epoch = await written(log(), NOTES, 1)
    await faults().unavailable('everything')
    const calls = [log().head(NOTES), log().read(NOTES, 0, 1, 1), log().epochStarts(NOTES), log().claim(NOTES, 'x'), log().append(NOTES, epoch, 1, [aRecord(2, epoch)])]
    for (const call of await Promise.allSettled(calls)) {
      expect(call.status === 'rejected' && call.reason).toBeInstanceOf(StorageUnavailable)
    }
    await faults().unavailable('nothing')
    expect(await log().head(NOTES)).toEqual({ epoch, version: 1 })
  })
}
