import type { Random } from '@concord/runtime'

/** The caller's own id where it is one, so that traces join; else a new one. */
export function correlationId(header: string | readonly string[] | undefined, random: Random): string {
  if (typeof header === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(header)) return header
  return Buffer.from(random.bytes(8)).toString('hex')
}
