import { z } from 'zod'

/** What calibration measures. The unit stands in the name: CPU of the server's main thread unless it says otherwise. */
export const COSTS = {
  // One connection, session or operation on the server's main thread.
  'connect.socket': { unit: 'ms', doc: 'A WebSocket: upgrade, hello, token, welcome.' },
  'connect.stream': { unit: 'ms', doc: 'A Watch stream on an open HTTP/2 connection, gRPC: headers, token, and its open by changes.' },
  'close.socket': { unit: 'ms', doc: 'The end of a WebSocket with one session on it.' },
  'open.changes': { unit: 'ms', doc: 'An open that resumes by changes at the head of a loaded document.' },
  'open.snapshot.1k': { unit: 'ms', doc: 'An open that is given the content of a loaded document of 1,000 units.' },
  'open.snapshot.10k': { unit: 'ms', doc: 'The same with 10,000 units.' },
  'open.snapshot.100k': { unit: 'ms', doc: 'The same with 100,000 units.' },
  'open.snapshot.1m': { unit: 'ms', doc: 'The same with 1,000,000 units.' },
  submit: { unit: 'ms', doc: 'One operation at the head of a document nobody else reads, 64 documents busy: decode, sequence, hand to the store, ack.' },
  'submit.lone': { unit: 'ms', doc: 'The same with one document busy: nothing is shared between operations.' },
  'submit.storage': { unit: 'ms', doc: 'What the other threads of the server spend on that operation, 64 documents busy: the store, collection of garbage.' },
  'transform.fixed': { unit: 'ms', doc: 'The sequencer alone with an operation at the head.' },
  'transform.stale': { unit: 'ms', doc: 'What each operation committed since its base adds to that.' },
  'frame.socket': { unit: 'ms', doc: 'One change to one reader with a WebSocket of its own, when changes come one by one.' },
  'frame.grpc': { unit: 'ms', doc: 'The same over gRPC, 100 streams a connection.' },
  'frame.connect': { unit: 'ms', doc: 'The same over Connect, 100 streams a connection.' },
  'frame.socket.busy': { unit: 'ms', doc: 'One change to one reader over WebSocket when changes come faster than frames leave: several share one.' },
  'frame.grpc.busy': { unit: 'ms', doc: 'The same over gRPC.' },
  'presence.update': { unit: 'ms', doc: 'One state of one client alone in its document.' },
  'presence.delivery': { unit: 'ms', doc: 'One presence message to one participant, before the states in it.' },
  'presence.state': { unit: 'ms', doc: 'What each state in it adds.' },
  idle: { unit: 'ms/s', doc: 'One session that does nothing, per second: ticks, pings.' },
  // Storage, embedded.
  'append.batch': { unit: 'ms', doc: 'CPU of all threads for one append to the embedded store, before its operations.' },
  'append.operation': { unit: 'ms', doc: 'What each operation of the append adds.' },
  'append.latency': { unit: 'ms', doc: 'Wall time of one append of one operation, fsync included.' },
  claim: { unit: 'ms', doc: 'CPU of all threads for a claim of a document in the embedded store.' },
  'load.fixed': { unit: 'ms', doc: 'CPU of all threads to load a document from its snapshot, before its size.' },
  'load.kunit': { unit: 'ms', doc: 'What each 1,000 units add.' },
  'snapshot.fixed': { unit: 'ms', doc: 'CPU of all threads to encode and store a snapshot, before its size.' },
  'snapshot.kunit': { unit: 'ms', doc: 'What each 1,000 units add.' },
  // Bytes.
  'bytes.submit': { unit: 'bytes', doc: 'One operation up a WebSocket, with its frame header.' },
  'bytes.ack': { unit: 'bytes', doc: 'Its ack.' },
  'bytes.frame.socket': { unit: 'bytes', doc: 'One change down a WebSocket, with its frame header.' },
  'bytes.frame.grpc': { unit: 'bytes', doc: 'One change down gRPC, with its HTTP/2 frame.' },
  'bytes.presence': { unit: 'bytes', doc: 'One presence message down a WebSocket, before the states in it.' },
  'bytes.state': { unit: 'bytes', doc: 'What each state in it adds; one going up is as long.' },
  'bytes.row': { unit: 'bytes', doc: 'One operation of one character in the embedded log, on disk.' },
  'bytes.open': { unit: 'bytes', doc: 'What an open by changes sends down.' },
  // Memory.
  'memory.socket': { unit: 'bytes', doc: 'Resident memory of one session with a WebSocket of its own.' },
  'memory.channel': { unit: 'bytes', doc: 'Resident memory of one session among 50 on a WebSocket.' },
  'memory.document': { unit: 'bytes', doc: 'Resident memory of one loaded document of 10,000 units with one session.' },
  'memory.server': { unit: 'bytes', doc: 'Resident memory of the server that serves nobody.' },
} as const satisfies Record<string, { readonly unit: string; readonly doc: string }>

export type CostName = keyof typeof COSTS

const figure = z.strictObject({
  unit: z.string(),
  median: z.number(),
  min: z.number(),
  max: z.number(),
  rounds: z.int().positive(),
})

/** Throughput with `concurrency` closed loops. */
const point = z.strictObject({ concurrency: z.number().positive(), perSecond: z.number().positive(), cpu: z.number().nonnegative() })

const machine = z.strictObject({ cpu: z.string(), cores: z.int().positive(), memoryGiB: z.number(), system: z.string(), node: z.string(), load: z.number() })

/** A small plan that was predicted from these costs and then run on a live server of the same machine. */
const trial = z.strictObject({
  sessions: z.int().positive(),
  documents: z.int().positive(),
  operationsPerSecond: z.number().positive(),
  deliveriesPerSecond: z.number().nonnegative(),
  presencePerSecond: z.number().nonnegative(),
  /** Share of one core, main thread. */
  predictedCpu: z.number(),
  measuredCpu: z.number(),
  predictedBytesPerSecond: z.number(),
  measuredBytesPerSecond: z.number(),
  ackP99Ms: z.number(),
})

export const calibrationSchema = z.strictObject({
  format: z.literal(1),
  at: z.iso.datetime(),
  commit: z.string(),
  machine,
  costs: z.record(z.enum(Object.keys(COSTS) as [CostName, ...CostName[]]), figure),
  /** `documents`: one writer per document. `editors`: all writers in one document. */
  scaling: z.strictObject({ documents: z.array(point).min(3), editors: z.array(point).min(3) }),
  trial: trial.optional(),
  /** What a reader must know about how it was measured. */
  note: z.string().optional(),
})

export type Calibration = z.infer<typeof calibrationSchema>
export type Figure = z.infer<typeof figure>
export type ScalingPoint = z.infer<typeof point>
export type Trial = z.infer<typeof trial>

/** @throws Error that names the file and each field that is wrong */
export function parseCalibration(text: string, file: string): Calibration {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(`${file} is no JSON: ${(error as Error).message}`)
  }
  const parsed = calibrationSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Error(`${file} is no calibration; make one with \`concord sim calibrate --out ${file}\`\n${z.prettifyError(parsed.error)}`)
}

export function cost(calibration: Calibration, name: CostName): number {
  return calibration.costs[name].median
}
