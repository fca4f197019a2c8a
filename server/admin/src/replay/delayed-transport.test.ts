import type { Channel, ChannelHandler, Transport } from '@concord/client'
import type { ClientFrame, Open, ServerFrame } from '@concord/protocol'
import { systemRuntime } from '@concord/runtime'
import { expect, test } from 'vitest'
import { DelayedTransport } from './delayed-transport.ts'
import { Latencies } from './latencies.ts'
import { Seeded } from './seeded.ts'

const open: Open = { document: 'documents/x', version: 0, epoch: 0, lastSeq: 0, sdk: 'test', features: [], snapshot: false, algorithms: [] }

/** A server that sends every frame of a client back as a mark with its version. */
class Echo implements Transport {
  openSession(_: Open, handler: ChannelHandler<ServerFrame>): Channel<ClientFrame> {
    return { send: (frame) => frame.kind === 'progress' && handler.message({ kind: 'mark', version: frame.version, hash: '0' }), close: () => {} }
  }

  openPresence(): never {
    throw new Error('not used')
  }

  close(): void {}
}

function delayed(delayMs: number, seen: number[]): Channel<ClientFrame> {
  const { clock, timers } = systemRuntime
  const transport = new DelayedTransport(new Echo(), { delayMs, random: new Seeded(5), clock, timers, latencies: new Latencies() })
  return transport.openSession(open, { message: (frame) => frame.kind === 'mark' && seen.push(frame.version), ended: () => {} })
}

test('delayed frames keep their order, up and down', async () => {
  const seen: number[] = []
  const channel = delayed(3, seen)
  for (let version = 1; version <= 200; version++) {
    channel.send({ kind: 'progress', version })
    if (version % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  while (seen.length < 200) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
})

test('a closed channel delivers nothing any more', async () => {
  const seen: number[] = []
  const channel = delayed(2, seen)
  channel.send({ kind: 'progress', version: 1 })
  channel.close()
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(seen).toEqual([])
})
