import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Operation, TieKey } from '@concord/ot'

/** One edit: at a position, so many units removed, then text inserted. */
export type Patch = readonly [position: number, removed: number, inserted: string]

export interface Trace {
  readonly patches: readonly Patch[]
  readonly endContent: string
}

const NONE: readonly never[] = Object.freeze([])

/** A real editing trace (josephg/editing-traces) from CONCORD_TRACES, else from `../shared/data/traces` beside the repository. */
export function readTrace(name: string): Trace {
  const folder = resolve(process.env['CONCORD_TRACES'] ?? join(import.meta.dirname, '../../../../shared/data/traces'))
  const file = join(folder, `${name}.json.gz`)
  if (!existsSync(file)) throw new Error(`no ${name}.json.gz in ${folder}: set CONCORD_TRACES to a folder with the gzipped traces of josephg/editing-traces`)
  const trace = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as { endContent: string; txns: { patches: Patch[] }[] }
  return { patches: trace.txns.flatMap(({ patches }) => patches), endContent: trace.endContent }
}

/**
 * Edits in columns. A trace as a quarter of a million small arrays lies all over the heap, and a replay of it would measure the
 * machine's memory rather than the contestant.
 */
export interface PatchColumns {
  readonly positions: Int32Array
  readonly removed: Int32Array
  readonly inserted: readonly string[]
}

export function columnsOf(patches: readonly Patch[]): PatchColumns {
  return {
    positions: Int32Array.from(patches, ([position]) => position),
    removed: Int32Array.from(patches, ([, removed]) => removed),
    inserted: patches.map(([, , inserted]) => inserted),
  }
}

/** The packed operation of an edit on a document of `baseLength` units; with its author's tie key where concurrency matters. */
export function patchOperation(baseLength: number, position: number, removed: number, inserted: string, keys: readonly TieKey[] = NONE): Operation {
  const components: number[] = []
  if (position > 0) components.push(position * 4)
  if (inserted.length > 0) components.push(inserted.length * 4 + 1)
  if (removed > 0) components.push(removed * 4 + 2)
  return { baseLength, components, text: inserted, attributes: NONE, embeds: NONE, keys: inserted === '' ? NONE : keys }
}

/** The tie keys of two authors, as sessions stamp them on every insert (R13). */
export const AUTHORS: readonly [readonly TieKey[], readonly TieKey[]] = [[{ user: 1, client: '0000000000000101' }], [{ user: 2, client: '0000000000000102' }]]
