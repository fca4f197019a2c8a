import { OperationBuilder } from '@concord/ot'
import { expect, test } from 'vitest'
import { ChangeWindow, type WindowEntry } from './change-window.ts'

const author = { userId: 'ada', userOrdinal: 1, clientId: '0000000100000001' }

function entry(version: number, size = 10): WindowEntry {
  const operation = new OperationBuilder(version - 1).insert('x').build()
  return { change: { version, epoch: 1, author, operation, at: 0 }, seq: version, size, frame: undefined }
}

function filled(from: number, to: number, maxEntries: number, maxBytes: number): ChangeWindow {
  const window = new ChangeWindow(from, maxEntries, maxBytes)
  for (let version = from + 1; version <= to; version++) window.push(entry(version))
  return window
}

test('it keeps the newest entries up to a number, at any place and for any length of its life', () => {
  for (const head of [0, 3, 4, 5, 8, 9, 12, 13, 100]) {
    const window = filled(0, head, 4, 1_000)
    expect([window.head, window.floor]).toEqual([head, Math.max(0, head - 4)])
    for (let version = 0; version <= head + 1; version++) {
      const isKept = version > window.floor && version <= head
      expect(window.at(version)?.change.version, `${version} of ${head}`).toBe(isKept ? version : undefined)
    }
    for (let version = window.floor; version <= head; version++) {
      expect(window.operationsAfter(version).map(({ baseLength }) => baseLength)).toEqual(Array.from({ length: head - version }, (_, i) => version + i))
      expect(window.bytesAfter(version)).toBe(10 * (head - version))
    }
  }
})

test('it keeps no more bytes than its bound, but always the newest entry', () => {
  const window = filled(0, 20, 1_000, 55)
  expect(window.floor).toBe(15)
  window.push(entry(21, 500))
  expect([window.floor, window.at(21)?.size]).toEqual([20, 500])
})

test('it begins anywhere', () => {
  const window = filled(100, 102, 10, 1_000)
  expect([window.floor, window.at(100), window.at(101)?.change.version, window.at(103)]).toEqual([100, undefined, 101, undefined])
})

test('what fell out is not held: not the entries, not their bytes', () => {
  const window = filled(0, 500, 1_000, 100)
  const { entries } = window as unknown as { readonly entries: readonly unknown[] }
  expect(entries.length).toBeLessThanOrEqual(20)
})

test('old entries leave, but for the newest few', () => {
  const window = new ChangeWindow(0, 100, 10_000)
  for (let version = 1; version <= 10; version++) window.push({ ...entry(version), change: { ...entry(version).change, at: version * 10 } })
  window.trim(45, 3)
  expect([window.floor, window.at(5)?.change.version, window.bytesAfter(0)]).toEqual([4, 5, 60])
  window.trim(1_000, 3)
  expect([window.head, window.floor]).toEqual([10, 7])
  window.push(entry(11))
  expect(window.at(8)?.change.version).toBe(8)
})
