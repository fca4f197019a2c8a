import { StorageUnavailable } from '@concord/server/ports'
import type { ProtocolRun } from './run-seed.ts'
import type { Trouble } from './plan.ts'
import { DOCUMENT_KEY } from './sim-server.ts'

/** Makes one kind of trouble happen; what must be put right later is scheduled here. */
export async function trouble(run: ProtocolRun, kind: Trouble): Promise<void> {
  const { world, random, server, authors } = run
  const author = random.pick(authors)
  switch (kind) {
    case 'cut':
      return author.link.cut(false)
    case 'offline':
      author.link.cut(true)
      return void world.schedule(random.float() * 3_000, () => author.link.restore())
    case 'stall':
      return author.link.stall(500 + random.float() * 3_000)
    case 'crash':
      return author.crash()
    case 'stale disk':
      author.mayStrand = author.device.rollBack(1 + random.below(3)) || author.mayStrand
      return author.crash()
    case 'kill':
      server.kill()
      return void world.schedule(random.float() * 500, () => server.start())
    case 'stop':
      void server.stop()
      return void world.schedule(12_000, () => server.start())
    case 'unknown':
      return server.stores?.faults.nextAppend(random.chance(0.5) ? 'applied' : 'lost')
    case 'unavailable':
      await server.stores?.faults.unavailable(random.chance(0.5) ? 'writes' : 'everything')
      return void world.schedule(random.float() * 1_000, () => void server.stores?.faults.unavailable('nothing'))
    case 'misbehave':
      return author.misbehave()
    case 'role':
      return changeRole(run, author.userId)
    case 'lose tail':
      return loseTail(run)
    case 'corrupt':
      return author.corrupt()
    case 'distrust':
      return author.distrust()
    case 'paste':
      return author.paste(66_000)
  }
}

/** A user may only read for a while. Sessions hear of it now; operations are judged by it at commit. */
async function changeRole({ world, random, server, authors }: ProtocolRun, userId: string): Promise<void> {
  for (const author of authors) if (author.userId === userId) author.mayBeRefused = true
  const set = async (role: 'viewer' | 'editor') => {
    await server.stores?.documents.setGrant(DOCUMENT_KEY, { userId, role }).catch((error: unknown) => ignoreUnavailable(error))
    server.server?.access.roleChanged(DOCUMENT_KEY, userId)
  }
  await set('viewer')
  world.schedule(random.float() * 1_500, () => void set('editor'))
}

/** The server dies, and the replica that takes over lacks what was written last. */
function loseTail({ random, server, authors }: ProtocolRun): void {
  for (const author of authors) author.mayDiverge = true
  server.kill()
  server.loseTail(1 + random.below(4))
  server.start()
}

/** A role that cannot be stored now is not changed. */
function ignoreUnavailable(error: unknown): void {
  if (!(error instanceof StorageUnavailable)) throw error
}
