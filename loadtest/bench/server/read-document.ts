import { openFrame } from './concord-writer.ts'
import { SocketClient } from './socket-client.ts'

/** Opens a document as a new client and takes its content. @returns milliseconds from `open` until the last unit was there */
export async function readDocument(url: string, token: string, document: string): Promise<number> {
  const done = Promise.withResolvers<void>()
  let units = 0
  const client = await SocketClient.connect(url, token, (_, frame) => {
    if (frame.kind === 'opened' && frame.opened.resume === 'changes') done.resolve()
    if (frame.kind !== 'snapshot') return
    units += frame.snapshot.content.text.length + frame.snapshot.content.embeds.length
    if (units >= frame.snapshot.total) done.resolve()
  })
  const start = performance.now()
  client.send(1, { kind: 'open', open: { ...openFrame(document), snapshot: true } })
  await done.promise
  const time = performance.now() - start
  client.close()
  return time
}
