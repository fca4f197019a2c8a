import type { DocumentHosts } from './document-hosts.ts'
import { wireError } from './failures.ts'
import type { Parts } from './parts.ts'

/**
 * Ends every document: nothing new is opened, what is under way reaches the log, snapshots are written, sessions end. Bounded in
 * time: a store that does not answer does not keep a server from closing, because nothing unacknowledged is promised.
 */
export async function closeHosts(hosts: DocumentHosts, parts: Parts): Promise<void> {
  const { limits, telemetry, runtime } = parts
  hosts.drain()
  const finish = async (): Promise<void> => {
    await Promise.all(hosts.all().map((host) => host.settled()))
    await Promise.all(hosts.all().map((host) => host.snapshot()))
  }
  const deadline = Promise.withResolvers<'late'>()
  const timer = runtime.timers.set(limits.closeMs, () => deadline.resolve('late'))
  const outcome = await Promise.race([finish(), deadline.promise])
  runtime.timers.clear(timer)
  if (outcome === 'late') telemetry.log('warn', 'closing before every append and snapshot has finished', { documents: hosts.all().length })
  const error = wireError('DRAINING', 'The server is shutting down. Reconnect.', { retryAfterMs: limits.storageRetryMs })
  for (const host of hosts.all()) host.end(error)
}
