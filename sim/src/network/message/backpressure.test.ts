import type { ServerFrame } from '@concord/protocol'
import type { SessionHub, SharedFrame } from '@concord/server/core/carrier'
import { EDGE_LIMITS } from '@concord/server/rpc/edge-limits'
import { expect, test } from 'vitest'
import { KeyedRandom } from '../../kernel/keyed-random.ts'
import { Process } from '../../kernel/process.ts'
import { VirtualTime } from '../../kernel/virtual-time.ts'
import { PERFECT } from '../../plan/link-model.ts'
import type { NodeSide, ServerWork } from '../network.ts'
import { identityOf } from '../testing/local-node.ts'
import { messageLink } from './message-link.ts'

const FRAME: ServerFrame = { kind: 'mark', version: 1, hash: '00'.repeat(16) }
const FRAME_BYTES = 1_000
const WINDOW = 200_000

test.each([1, 0])('a server with endless news for a reader that takes nothing keeps it to itself: processor time %i ms a frame', async (costMs) => {
  const { time, link, pulled, received } = endless(costMs)
  await time.runUntil(2_000)
  const [pulledBefore, receivedBefore] = [pulled(), received()]
  expect(receivedBefore).toBeGreaterThan(0)
  link.stall(60_000)
  await time.runUntil(50_000)
  expect(received()).toBe(receivedBefore)
  expect(pulled() - pulledBefore).toBeLessThanOrEqual(WINDOW + EDGE_LIMITS.writeBytes)
  await time.runUntil(70_000)
  expect(received()).toBeGreaterThan(receivedBefore)
})

test('a reader that takes everything gets a window per round trip', async () => {
  const { time, received } = endless(0)
  await time.runUntil(1_000)
  const before = received()
  await time.runUntil(11_000)
  const perRoundTrip = ((received() - before) * FRAME_BYTES) / 50
  expect(perRoundTrip).toBeGreaterThan(WINDOW * 0.9)
  expect(perRoundTrip).toBeLessThan(WINDOW * 1.2)
})

test('what leaves in one write costs the processor one frame, and little more for each further message', async () => {
  const { time, charged, received } = endless(1)
  await time.runUntil(2_000)
  const perWrite = Math.ceil(EDGE_LIMITS.writeBytes / FRAME_BYTES)
  expect(received()).toBeGreaterThan(perWrite)
  expect(charged.get('shared-frame')).toBe((perWrite - 1) * charged.get('frame')!)
})

/** A session that always has more; what was pulled of it, in bytes, and what arrived, in frames. */
function endless(costMs: number) {
  const time = new VirtualTime(1)
  const process = new Process(time, 'node')
  process.start()
  let [pulled, received] = [0, 0]
  let wake = (): void => undefined
  const message = new Uint8Array(FRAME_BYTES)
  const frame: SharedFrame = { value: FRAME, message: () => message, enveloped: () => message }
  const pull = (maxBytes: number): SharedFrame[] => {
    // As the real core does: it has more than it gave.
    void Promise.resolve().then(wake)
    const frames = Array<SharedFrame>(Math.ceil(maxBytes / FRAME_BYTES)).fill(frame)
    pulled += maxBytes
    return frames
  }
  const sessions: SessionHub = {
    open: async (_identity, _open, wakeUp) => {
      wake = wakeUp
      return { kind: 'session', receive: () => undefined, renew: () => undefined, pull, ended: undefined, close: () => undefined }
    },
    submit: async () => ({ kind: 'failure', error: { reason: 'INTERNAL', message: 'nothing is submitted here' } }),
  }
  const charged = new Map<ServerWork, number>()
  const charge: NodeSide['charge'] = (work, run) => {
    charged.set(work, (charged.get(work) ?? 0) + 1)
    if (costMs === 0) run()
    else time.schedule(costMs, run)
  }
  const node: NodeSide = { name: 'node', process, hubs: { sessions, presence: undefined as never }, onDeath: () => undefined, charge }
  const link = messageLink({
    time,
    random: new KeyedRandom(1, 'link'),
    name: 'reader',
    identity: identityOf('reader'),
    unary: false,
    model: { ...PERFECT, delayMs: 100, delayP99Ms: 100, window: WINDOW },
    route: () => node,
    blocked: () => false,
    observer: { sent: () => undefined, received: () => void (received += 1), ended: () => undefined },
  })
  link.openSession({ document: 'documents/x', version: 0, epoch: 0, lastSeq: 0, sdk: 'test', features: [], snapshot: false, algorithms: [] }, { message: () => undefined, ended: () => undefined })
  return { time, link, charged, pulled: () => pulled, received: () => received }
}
