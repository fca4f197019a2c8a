/**
 * The real server in a process of its own, measured from outside: `server-child.ts FOLDER`. Over the channel to its
 * parent it answers what it has used so far; nothing else differs from `concord serve`.
 */
import { serve } from '@concord/server/main'
import { readConfig } from '@concord/server/config'

/** What the parent asks. */
export type Question = 'usage' | 'memory' | 'stop'

/** CPU in milliseconds since the start: of the main thread, and of the whole process. Memory in bytes, after a collection. */
export type Answer = { readonly kind: 'ready'; readonly url: string } | { readonly kind: 'usage'; readonly mainMs: number; readonly allMs: number } | { readonly kind: 'memory'; readonly bytes: number }

const config = readConfig({ env: {}, options: { listen: '127.0.0.1:0', data: String(process.argv[2]), limits: 'loadtest', log: 'error', drainSeconds: '0' } })
if ('kind' in config) throw new Error(config.problems.join('; '))
const running = await serve(config)

function answer(message: Answer): void {
  process.send?.(message)
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000
}

process.on('message', (question: Question) => {
  switch (question) {
    case 'usage':
      return answer({ kind: 'usage', mainMs: milliseconds(process.threadCpuUsage()), allMs: milliseconds(process.cpuUsage()) })
    case 'memory':
      globalThis.gc?.()
      return answer({ kind: 'memory', bytes: process.memoryUsage.rss() })
    case 'stop':
      return void running.stop().then(() => process.exit(0))
  }
})
process.on('disconnect', () => process.exit(1))
answer({ kind: 'ready', url: running.url })
