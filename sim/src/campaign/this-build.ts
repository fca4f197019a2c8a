import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

/** What a repeat of a run must have in common with it, beside plan and seed. */
export interface Build {
  /** Commit, with `+` behind it when files are changed; `unknown` outside of a clone. */
  readonly commit: string
  /** Version of Node. */
  readonly node: string
}

export function thisBuild(): Build {
  return { commit: commitOf(fileURLToPath(new URL('../../../', import.meta.url))), node: process.versions.node }
}

/** What a run's wall time depends on: `EPYC 7B13, 2 cores`. */
export function thisMachine(): string {
  return `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores`
}

function commitOf(folder: string): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+')
  } catch {
    return 'unknown'
  }
}
