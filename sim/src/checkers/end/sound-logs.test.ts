import { expect, test } from 'vitest'
import { soundLogs } from './sound-logs.ts'
import { Scene } from '../testing/scene.ts'

test('no internal faults: an error in a log is told, a warning and planned damage are not', () => {
  const logged = (level: 'warn' | 'error', message: string, planned: ConstructorParameters<typeof Scene>[1] = {}): string[] =>
    new Scene(soundLogs, planned).see('logged', { node: 'n1', level, message, cause: 'why\nat line 1' }).violations
  expect(logged('warn', 'an append failed, the epoch is over')).toEqual([])
  expect(logged('error', 'an internal fault')).toEqual(['a server logged an error: an internal fault (why)'])
  expect(logged('error', 'a snapshot is bad and passed over')).toHaveLength(1)
  expect(logged('error', 'a snapshot is bad and passed over', { events: [{ id: 'e1', at: 1, kind: 'flip-bit', document: 'notes' }] })).toEqual([])
})
