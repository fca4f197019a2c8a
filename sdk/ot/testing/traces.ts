import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Operation } from '../src/operation.ts'

/** The public editing traces that tests and benchmarks replay (josephg/editing-traces). */
export const TRACE_NAMES = ['automerge-paper', 'rustcode', 'sveltecomponent', 'friendsforever_flat'] as const

export type TraceName = (typeof TRACE_NAMES)[number]

/** One edit: at a position, so many units removed, then text inserted. */
export type Patch = readonly [position: number, removed: number, inserted: string]

export interface Trace {
  readonly name: TraceName
  readonly patches: readonly Patch[]
  readonly endContent: string
}

/** Where the traces are: CONCORD_TRACES, else `../shared/data/traces` beside the repository. */
export function traceFolder(): string {
  return resolve(process.env['CONCORD_TRACES'] ?? join(import.meta.dirname, '../../../../shared/data/traces'))
}

/** A trace; undefined when its file is not there. Positions count code points, which are UTF-16 units in these four. */
export function readTrace(name: TraceName): Trace | undefined {
  const file = join(traceFolder(), `${name}.json.gz`)
  if (!existsSync(file)) return undefined
  const trace = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as { endContent: string; txns: { patches: Patch[] }[] }
  return { name, patches: trace.txns.flatMap(({ patches }) => patches), endContent: trace.endContent }
}

/** The packed operation of an edit on a document of `baseLength` units. */
export function patchOperation(baseLength: number, [position, removed, inserted]: Patch): Operation {
  const components: number[] = []
  if (position > 0) components.push(position * 4)
  if (inserted.length > 0) components.push(inserted.length * 4 + 1)
  if (removed > 0) components.push(removed * 4 + 2)
  return { baseLength, components, text: inserted, attributes: [], embeds: [], keys: [] }
}
