import { Code, ConnectError, createRouterTransport } from '@connectrpc/connect'
import { SyncService } from '@concord/proto'
import { type ClientFrame, id64, type Open } from '@concord/protocol'
import { systemRuntime } from '@concord/runtime'
import { parse } from '@concord/ot'
import { describe, expect, test } from 'vitest'
import { WatchTransport } from './watch-transport.ts'

const OPEN: Open = { document: 'documents/notes', version: 0, epoch: 0, lastSeq: 0, sdk: '', features: [], snapshot: false, algorithms: [] }

function submit(seq: number): ClientFrame {
  return { kind: 'submit', submit: { session: id64(1, 1), clientId: id64(1, 1), seq, baseVersion: 0, operation: parse(0, '+a') } }
}

/** A server whose calls are answered by hand: [sequence number, refuse]. */
function session() {
  const calls: { readonly seq: number; readonly refuse: () => void }[] = []
  const ended: string[] = []
  const transport = createRouterTransport(({ service }) => {
    service(SyncService, {
      async *watch() {
        await new Promise(() => undefined)
        yield {}
      },
      submit: (request) => new Promise((_, reject) => calls.push({ seq: Number(request.submit?.seq), refuse: () => reject(new ConnectError('wrong', Code.InvalidArgument)) })),
    })
  })
  const channel = new WatchTransport(transport, systemRuntime).openSession(OPEN, { message: () => undefined, ended: (error) => ended.push(error.message) })
  const called = async (count: number): Promise<void> => {
    while (calls.length < count) await new Promise((resolve) => setImmediate(resolve))
  }
  return { channel, calls, called, ended }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

describe('answers to submits', () => {
  test('a failure of the submit in flight ends the session', async () => {
    const { channel, calls, called, ended } = session()
    channel.send(submit(1))
    await called(1)
    calls[0]!.refuse()
    await settled()
    expect(ended).toHaveLength(1)
  })

  test('R9: a late failure of a submit that is decided says nothing', async () => {
    const { channel, calls, called, ended } = session()
    channel.send(submit(1))
    await called(1)
    // The stream brought the decision about the first: the next one leaves.
    channel.send(submit(2))
    await called(2)
    calls[0]!.refuse()
    await settled()
    expect(ended).toEqual([])
    calls[1]!.refuse()
    await settled()
    expect(ended).toHaveLength(1)
    channel.close()
  })
})
