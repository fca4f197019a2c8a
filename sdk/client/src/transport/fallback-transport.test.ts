import type { ClientFrame, ServerFrame } from '@concord/protocol'
import { expect, test } from 'vitest'
import { settle, VirtualRuntime } from '../../test/virtual-runtime.ts'
import { ConcordError, unreachable } from '../concord-error.ts'
import { SessionState } from '../session/session-state.ts'
import { FallbackTransport, type Provable } from './fallback-transport.ts'
import type { Channel, ChannelHandler } from './transport.ts'

/** A transport that only notes what is opened on it. */
class Noted implements Provable {
  onWorking: () => void = () => {}
  works = true
  isUp = false
  readonly handlers: ChannelHandler<ServerFrame>[] = []
  readonly sent: ClientFrame[] = []

  openSession(_: unknown, handler: ChannelHandler<ServerFrame>): Channel<ClientFrame> {
    this.handlers.push(handler)
    return { send: (frame) => this.sent.push(frame), close: () => {} }
  }

  openPresence(): Channel<never> {
    return { send: () => {}, close: () => {} }
  }

  probe(): Promise<boolean> {
    return Promise.resolve(this.works)
  }

  close(): void {}
}

function setUp() {
  const runtime = new VirtualRuntime()
  const [socket, plain] = [new Noted(), new Noted()]
  const ends: string[] = []
  const transport = new FallbackTransport(socket, async () => plain, runtime)
  const open = () => transport.openSession(new SessionState().connecting('documents/x'), { message: () => {}, ended: (error) => ends.push(error.reason) })
  return { runtime, socket, plain, ends, open }
}

const NOTICE: ServerFrame = { kind: 'notice', notice: { kind: 'title', title: 'x' } }

test('a socket that never got through is given up for calls over plain HTTP', async () => {
  const { socket, plain, open } = setUp()
  open()
  socket.handlers[0]!.ended(unreachable('blocked'))
  const channel = open()
  channel.send({ kind: 'progress', version: 1 })
  await settle()
  expect(plain.handlers).toHaveLength(1)
  expect(plain.sent).toEqual([{ kind: 'progress', version: 1 }])
})

test('a socket that worked is tried again', async () => {
  const { socket, plain, open } = setUp()
  open()
  socket.onWorking()
  socket.handlers[0]!.ended(unreachable('cut'))
  open()
  await settle()
  expect([socket.handlers.length, plain.handlers.length]).toEqual([2, 0])
})

test('a socket that worked is given three chances, and its channels fail as one', async () => {
  const { runtime, socket, plain, open } = setUp()
  open()
  socket.onWorking()
  socket.isUp = true
  open()
  socket.isUp = false
  for (const handler of socket.handlers) handler.ended(unreachable('restart'))
  for (let chance = 1; chance <= 3; chance++) {
    await runtime.advance(1_000)
    expect(plain.handlers).toHaveLength(0)
    open()
    open()
    for (const handler of socket.handlers.slice(-2)) handler.ended(unreachable('restart'))
  }
  open()
  await settle()
  expect(plain.handlers).toHaveLength(1)
})

test('a refusal is no blocked socket', async () => {
  const { socket, plain, open } = setUp()
  open()
  socket.handlers[0]!.ended(new ConcordError({ reason: 'TOKEN_EXPIRED', message: 'old' }))
  open()
  await settle()
  expect([socket.handlers.length, plain.handlers.length]).toEqual([2, 0])
})

test('when both fail they take turns', async () => {
  const { runtime, socket, plain, open } = setUp()
  for (let turn = 1; turn <= 3; turn++) {
    await runtime.advance(1_000)
    open()
    socket.handlers.at(-1)!.ended(unreachable('down'))
    open()
    await settle()
    plain.handlers.at(-1)!.ended(unreachable('down'))
    expect([socket.handlers.length, plain.handlers.length]).toEqual([turn, turn])
  }
})

test('the socket is tried again while the second way is in use, and taken when it works', async () => {
  const { runtime, socket, plain, ends, open } = setUp()
  open()
  socket.handlers[0]!.ended(unreachable('blocked'))
  open()
  await settle()
  plain.handlers[0]!.message(NOTICE)
  socket.works = false
  await runtime.advance(60_000)
  expect(ends).toEqual(['UNREACHABLE'])
  socket.works = true
  await runtime.advance(60_000)
  expect(ends).toEqual(['UNREACHABLE', 'UNREACHABLE'])
  open()
  expect(socket.handlers).toHaveLength(2)
})
