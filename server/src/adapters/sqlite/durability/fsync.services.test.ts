import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { removeFolder, temporaryFolder } from '../testing.ts'
import type { Traced } from './fsync-trace.ts'
import { earlyAcknowledgements, traceWriter } from './fsync-trace.ts'
import { WRITER, mutant } from './mutant.ts'

const root = temporaryFolder()
afterAll(() => removeFolder(root))

let runs = 0
function trace(writer: string, count: number, inject: readonly string[] = []): Traced {
  runs += 1
  const directory = join(root, `run-${runs}`)
  mkdirSync(directory)
  return traceWriter(writer, directory, count, inject)
}

function numberSaid({ said }: Traced, word: string): number {
  return Number(said.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1))
}

const syncs = ({ events }: Traced): number => events.filter((event) => event.kind === 'sync').length

describe('durability', () => {
  test('every acknowledgement leaves after the fsync of what it promises, one fsync a commit', () => {
    const traced = trace(WRITER, 200)
    expect(traced.said.filter((line) => line.startsWith('ack'))).toHaveLength(201)
    expect(earlyAcknowledgements(traced.events)).toEqual([])
    const commits = numberSaid(traced, 'commits')
    expect(commits).toBe(201)
    expect(syncs(traced)).toBeGreaterThanOrEqual(commits)
    console.log(`synchronous=FULL: ${commits} commits, ${syncs(traced)} fsyncs of the write-ahead log`)
  })

  test.each([
    ['OFF', "set: 'OFF', reads: 0"],
    ['NORMAL', "set: 'NORMAL', reads: 1"],
  ])('the mutant synchronous=%s is caught', (level, to) => {
    const { folder, writer } = mutant("set: 'FULL', reads: 2", to)
    const traced = trace(writer, 200)
    removeFolder(folder)
    expect(traced.said).toContain('log whole')
    expect(earlyAcknowledgements(traced.events).length).toBeGreaterThan(150)
    expect(syncs(traced)).toBeLessThan(numberSaid(traced, 'commits') / 2)
    console.log(`synchronous=${level}: ${numberSaid(traced, 'commits')} commits, ${syncs(traced)} fsyncs of the write-ahead log`)
  })
})

describe('I/O errors', () => {
  test('a failed fsync acknowledges nothing: unknown, then a claim, then all goes on', () => {
    const traced = trace(WRITER, 60, ['fsync:error=EIO:when=21..23'])
    expect(traced.said.filter((line) => line.startsWith('outcome unknown')).length).toBeGreaterThan(0)
    expect(traced.said).toContain('health false')
    expect(traced.said.slice(traced.said.indexOf('health false'))).toContain('health true')
    expect(traced.said).toContain('ack 60')
    expect(traced.said).toContain('log whole')
  })

  test('a full disk acknowledges nothing, and all goes on once there is room', () => {
    const traced = trace(WRITER, 80, ['pwrite64:error=ENOSPC:when=120..160'])
    expect(traced.said.filter((line) => /^(refused|outcome unknown)/.test(line)).length).toBeGreaterThan(0)
    expect(traced.said).toContain('health false')
    expect(traced.said).toContain('ack 80')
    expect(traced.said).toContain('log whole')
  })
})
