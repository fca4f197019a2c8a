import type { ClientPresence, ServerPresence } from '@concord/protocol'
import { parse } from '@concord/ot'
import { beforeEach, expect, test } from 'vitest'
import { SessionScript } from '../../test/session-script.ts'
import { VirtualRuntime } from '../../test/virtual-runtime.ts'
import { unreachable } from '../concord-error.ts'
import type { ChannelHandler, Transport } from '../transport/transport.ts'
import { DocumentPresence } from './document-presence.ts'

let runtime: VirtualRuntime
let script: SessionScript
let sent: ClientPresence[]
let handlers: ChannelHandler<ServerPresence>[]
let presence: DocumentPresence

beforeEach(() => {
  runtime = new VirtualRuntime()
  script = new SessionScript().open()
  sent = []
  handlers = []
  const transport: Transport = {
    openSession: () => {
      throw new Error('presence opens no session')
    },
    openPresence: (_, handler) => {
      handlers.push(handler)
      return { send: (message) => sent.push(message), close: () => {} }
    },
    close: () => {},
  }
  presence = new DocumentPresence('documents/x', script.state, transport, runtime)
  presence.setOnline(true)
})

function states() {
  return sent.flatMap((message) => (message.kind === 'state' ? [message.state] : []))
}

test('nothing is opened before presence is used', () => {
  expect(handlers).toHaveLength(0)
  presence.set({ name: 'Ann' })
  expect(handlers).toHaveLength(1)
})

test('at most ten states a second leave, the latest of each tenth, the last one always', async () => {
  for (let i = 0; i < 100; i++) {
    presence.set({ name: `${i}` })
    await runtime.advance(10)
  }
  expect(states().length).toBeGreaterThan(8)
  expect(states().length).toBeLessThan(12)
  await runtime.advance(100)
  expect(states().at(-1)!.name).toBe('99')
})

test('a silent client says every five seconds that it is still here', async () => {
  presence.set({ name: 'Ann' })
  await runtime.advance(16_000)
  expect(sent.map((message) => message.kind)).toEqual(['state', 'beat', 'beat', 'beat'])
})

test('a selection is told in the confirmed version, told again when what was pending is committed', async () => {
  script.change(1, '+world').edit('+"hello "')
  presence.set({ selection: { anchor: 6, head: 8 } })
  expect(states().at(-1)!.selection).toEqual({ version: 1, anchor: 0, head: 2 })
  script.ack(1, 2)
  presence.committed(true)
  await runtime.advance(100)
  expect(states().at(-1)!.selection).toEqual({ version: 2, anchor: 6, head: 8 })
})

test('the own selection is carried through edits of others', async () => {
  presence.set({ selection: { anchor: 0, head: 0 } })
  script.change(1, '+abc')
  presence.set({ selection: { anchor: 3, head: 3 } })
  presence.changed(parse(3, '+xx'), { userId: 'bob', userOrdinal: 2, clientId: '0000000100000002' })
  script.change(2, '+xx')
  presence.set({ activity: 'typing' })
  await runtime.advance(200)
  expect(states().at(-1)).toMatchObject({ activity: 'typing', selection: { version: 2, anchor: 5, head: 5 } })
})

test('a broken channel is opened again, offline forgets the others', async () => {
  presence.set({ name: 'Ann' })
  const zoe = { clientId: '0000000100000004', userId: 'zoe', state: { name: 'Zoe', color: '#123456', activity: 'active' as const, data: '' } }
  handlers[0]!.message({ updated: [zoe], left: [], detail: 'full', count: 1 })
  expect(presence.others).toHaveLength(1)
  handlers[0]!.ended(unreachable('cut'))
  await runtime.advance(2_000)
  expect(handlers).toHaveLength(2)
  expect(states()).toHaveLength(2)
  handlers[1]!.message({ updated: [zoe], left: [], detail: 'full', count: 1 })
  presence.setOnline(false)
  expect(presence.others).toEqual([])
})

test('edits that move others tell so at once, then once a frame; what the server says is told at once', async () => {
  const bob = { userId: 'bob', userOrdinal: 2, clientId: '0000000100000002' as const }
  const zoe = { clientId: '0000000100000004', userId: 'zoe', state: { name: 'Zoe', color: '#123456', activity: 'active' as const, data: '', selection: { version: 0, anchor: 0, head: 0 } } }
  const seen: (number | undefined)[] = []
  presence.on('change', (others) => seen.push(others[0]?.selection?.head))
  handlers[0]!.message({ updated: [zoe], left: [], detail: 'full', count: 1 })
  await runtime.advance(1_000)
  const type = (units: number): void => presence.changed(parse(units, '+x'), { ...bob, clientId: zoe.clientId })
  for (let units = 0; units < 5; units++) type(units)
  expect(seen).toEqual([0, 1])
  expect(presence.others[0]?.selection?.head).toBe(5)
  await runtime.advance(20)
  expect(seen).toEqual([0, 1, 5])
  type(5)
  presence.setOnline(false)
  await runtime.advance(100)
  expect(seen).toEqual([0, 1, 5, undefined])
})
