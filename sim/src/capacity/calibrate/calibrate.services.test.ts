import { expect, test } from 'vitest'
import { figureOf } from './calibrate.ts'
import { connectionStage } from './connection-stage.ts'
import { MeasuredServer } from './measured-server.ts'
import { scalingPoint } from './scaling.ts'
import { openSessions } from './sessions.ts'
import { storageStage } from './storage-stage.ts'
import { transformStage } from './transform-stage.ts'

test('a stage measures the real server: every cost is above zero', async () => {
  await MeasuredServer.with(async (server) => {
    const found = { ...(await connectionStage.round(server, 0)), ...(await transformStage.round(server, 0)) }
    for (const name of ['connect.socket', 'open.changes', 'close.socket', 'bytes.open', 'transform.fixed'] as const) expect(found[name], name).toBeGreaterThan(0)
    const point = await scalingPoint(server, 'documents', 2)
    expect(point.perSecond).toBeGreaterThan(0)
  })
})

test('storage is measured on the real adapter, and a row takes room on disk', async () => {
  await MeasuredServer.with(async (server) => {
    const found = await storageStage.round(server, 0)
    expect(found['bytes.row']).toBeGreaterThan(20)
    expect(found['append.latency']).toBeGreaterThan(0)
  })
})

test('what the server refuses ends the measurement with its reason', async () => {
  await expect(MeasuredServer.with((server) => openSessions(server, ['documents/nowhere']))).rejects.toThrow(/closed channel 1: DOCUMENT_NOT_FOUND|NOT_FOUND/)
})

test('median of an even number of rounds lies between the two in the middle', () => {
  expect(figureOf([4, 1, 3, 2], 'ms')).toEqual({ unit: 'ms', median: 2.5, min: 1, max: 4, rounds: 4 })
  expect(() => figureOf([], 'ms')).toThrow(RangeError)
})
