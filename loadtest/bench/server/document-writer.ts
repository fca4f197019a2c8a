/**
 * Many documents, each with one writer who sends his next operation when the last one is acknowledged. The same loop
 * drives every contestant, and the writers are as thin as their protocols allow, so that the server is what is measured.
 */
export interface DocumentWriter {
  /** Makes the documents and opens them. `onAck` hears of every durable operation. */
  open(documents: number, onAck: (document: number) => void): Promise<void>
  /** Appends one letter to a document. */
  send(document: number): void
  close(): Promise<void>
}

export interface WriteLoad {
  readonly documents: number
  readonly warmupMs: number
  readonly measureMs: number
}

/** Acknowledged operations a second. */
export async function acknowledgedPerSecond(writer: DocumentWriter, { documents, warmupMs, measureMs }: WriteLoad): Promise<number> {
  let acknowledged = 0
  let running = true
  await writer.open(documents, (document) => {
    acknowledged++
    if (running) writer.send(document)
  })
  for (let document = 0; document < documents; document++) writer.send(document)
  await sleep(warmupMs)
  const [before, start] = [acknowledged, performance.now()]
  await sleep(measureMs)
  const rate = ((acknowledged - before) * 1000) / (performance.now() - start)
  running = false
  await writer.close()
  return rate
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
