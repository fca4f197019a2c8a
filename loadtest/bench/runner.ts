import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { BenchRow, Contestant } from './bench-module.ts'
import { peerVersion } from './peers.ts'
import { type Measured, type RowResult, summarize } from './results.ts'

/** A contestant that takes longer has failed: longer than anybody waits for a table. */
const PATIENCE_MS = 180_000

/**
 * Measures a row. Every contestant runs in a process of its own, so that none inherits the other's heap and compiled code,
 * and the rounds alternate between them, so that a busy minute of the machine hits all of them.
 */
export async function runRow(row: BenchRow, rounds: number, progress: (text: string) => void): Promise<RowResult> {
  const contestants = [row.ours, ...row.peers]
  const measured = new Map<Contestant, Measured>()
  for (let round = 1; round <= rounds; round++) {
    for (const contestant of contestants) {
      const before = measured.get(contestant)
      if (before?.failure !== undefined) continue
      progress(`${row.id}: ${contestant.name}, round ${round} of ${rounds}`)
      measured.set(contestant, merge(before, await runContestant(row.id, contestant.name)))
    }
  }
  return summarize(row, measured.get(row.ours)!, row.peers.map((peer) => measured.get(peer)!))
}

function merge(before: Measured | undefined, now: Measured): Measured {
  return before === undefined ? now : { ...now, samples: [...before.samples, ...now.samples] }
}

/** Starts contestant-process.ts; what it prints last is its answer. */
async function runContestant(row: string, name: string): Promise<Measured> {
  const version = peerVersion(name)
  const child = spawn(process.execPath, ['--conditions=source', join(import.meta.dirname, 'contestant-process.ts'), row, name], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
  })
  const [output, errors] = await Promise.all([textOf(child.stdout), textOf(child.stderr), new Promise((resolve) => child.on('close', resolve))])
  try {
    return { name, version, samples: JSON.parse(output.trim().split('\n').at(-1) ?? '') as number[], failure: undefined }
  } catch {
    const reason = /^\w*Error.*$/m.exec(errors)?.[0] ?? (child.killed ? `no answer within ${PATIENCE_MS / 1000} s` : 'no answer')
    return { name, version, samples: [], failure: reason }
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}
