import type { Plan } from '../../plan/plan.ts'

/** Clients that one process carries without being late. */
export const PER_PROCESS = 2_500

/** Above this the clients leave this process: it has the server's events, proxies of nobody and the judging to do. */
export const IN_PROCESS = 200

/** Names of actors, shared out so that a document's people stay together where they are no more than a share, and every share has about as many. */
export function splitActors({ world }: Plan, shares: number): string[][] {
  const byDocument = new Map<string, string[]>()
  for (const { name, document } of world.actors) {
    const names = byDocument.get(document)
    if (names === undefined) byDocument.set(document, [name])
    else names.push(name)
  }
  const most = Math.max(1, Math.ceil(world.actors.length / shares))
  const parts = [...byDocument.values()].flatMap((names) => Array.from({ length: Math.ceil(names.length / most) }, (_, index) => names.slice(index * most, (index + 1) * most)))
  const split = Array.from({ length: shares }, (): string[] => [])
  for (const names of parts.sort((a, b) => b.length - a.length)) {
    const least = split.reduce((one, other) => (other.length < one.length ? other : one))
    least.push(...names)
  }
  return split.filter((names) => names.length > 0)
}
