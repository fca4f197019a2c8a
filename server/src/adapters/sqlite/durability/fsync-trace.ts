import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Traced {
  /** Lines that the writer said. */
  readonly said: readonly string[]
  /** System calls on the write-ahead log and writes to stdout, in the order in which they took effect. */
  readonly events: readonly TraceEvent[]
  readonly stderr: string
}

export type TraceEvent =
  | { readonly kind: 'write' }
  /** It has returned, without an error. */
  | { readonly kind: 'sync' }
  | { readonly kind: 'said'; readonly line: string }

/**
 * Runs a writer under strace, which sees what no program can say of itself: when data reached the file, when fsync
 * returned, and when the acknowledgement left.
 *
 * @param inject faults for system calls on the write-ahead log, in strace's words, as `fsync:error=EIO:when=9`
 */
export function traceWriter(writer: string, directory: string, count: number, inject: readonly string[] = []): Traced {
  const output = join(directory, 'trace')
  const data = join(directory, 'data')
  const faults = inject.flatMap((fault) => ['-e', `inject=${fault}`, '-P', join(data, 'concord.db-wal')])
  const calls = ['-f', '-y', '-s', '200', '-e', 'trace=fsync,fdatasync,pwrite64,write', '-o', output, ...faults]
  const run = spawnSync('strace', [...calls, process.execPath, '--conditions=source', writer, data, String(count)], { encoding: 'utf8' })
  if (run.error !== undefined) throw new Error(`strace is needed (.ci/tools strace installs it): ${run.error.message}`)
  return { said: run.stdout.trimEnd().split('\n'), events: parse(readFileSync(output, 'utf8')), stderr: run.stderr }
}

/** A call that waits is told in two lines, `<unfinished ...>` and `<... fsync resumed>`; it counts where it returns. */
function parse(trace: string): TraceEvent[] {
  const unfinished = new Map<string, string>()
  const events: TraceEvent[] = []
  for (const line of trace.split('\n')) {
    const [, thread = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    if (rest.endsWith('<unfinished ...>')) unfinished.set(thread, rest.slice(0, -'<unfinished ...>'.length))
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)
    const call = resumed === null ? rest : (unfinished.get(thread) ?? '') + resumed[1]!
    // An acknowledgement counts from the moment it may have left; data and fsync from the moment they are done.
    const said = resumed === null ? /^write\(1<[^>]*>, "(.*)\\n"/.exec(rest)?.[1] : undefined
    if (said !== undefined) events.push({ kind: 'said', line: said })
    if (rest.endsWith('<unfinished ...>') || !call.includes('concord.db-wal>')) continue
    if (/^pwrite64\(.*= \d+$/.test(call)) events.push({ kind: 'write' })
    if (/^(fsync|fdatasync)\(.*= 0$/.test(call)) events.push({ kind: 'sync' })
  }
  return events
}

/** Acknowledgements that left while what they promise was not on the disk. */
export function earlyAcknowledgements(events: readonly TraceEvent[]): string[] {
  const early: string[] = []
  let written = 0
  let synced = 0
  for (const event of events) {
    if (event.kind === 'write') written += 1
    else if (event.kind === 'sync') synced = written
    else if (event.line.startsWith('ack ')) {
      if (written === 0) early.push(`${event.line}: nothing was written`)
      else if (synced < written) early.push(`${event.line}: ${written - synced} writes were not synced`)
      written = 0
      synced = 0
    }
  }
  return early
}
