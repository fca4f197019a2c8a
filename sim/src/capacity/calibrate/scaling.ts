import type { ScalingPoint } from '../calibration.ts'
import type { MeasuredServer } from './measured-server.ts'
import { closedLoops } from './submit-stage.ts'

export const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64]
export const SCALING_ROUNDS = 3
const MEASURE_MS = 400

/** Throughput with so many writers, each in a document of his own or all in one. */
export async function scalingPoint(server: MeasuredServer, kind: 'documents' | 'editors', concurrency: number, name = ''): Promise<ScalingPoint> {
  const prefix = `scaling-${name}${kind}-${concurrency}-`
  await server.createDocuments(prefix, kind === 'documents' ? concurrency : 1)
  const documents = Array.from({ length: concurrency }, (_, index) => `documents/${prefix}${kind === 'documents' ? index : 0}`)
  const run = await closedLoops(server, documents, MEASURE_MS)
  return { concurrency, perSecond: run.operations / run.seconds, cpu: run.usage.mainMs / 1000 / run.seconds }
}
