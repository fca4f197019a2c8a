import { fileURLToPath } from 'node:url'
import { type Runtime, systemRuntime } from '@concord/runtime'
import { stderrLogger, telemetryOf } from './adapters/pino/pino-telemetry.ts'
import { Metrics } from './adapters/prometheus/metrics.ts'
import { identityOf } from './boot/identity.ts'
import { openMetricsPort } from './boot/metrics-port.ts'
import { openStores } from './boot/open-stores.ts'
import { StartRefused, startSentence } from './boot/start-refused.ts'
import { compose, type Server } from './compose.ts'
import { type ConfigSource, readConfig, type ServerConfig } from './config.ts'
import type { Telemetry } from './ports/index.ts'
import { EDGE_LIMITS } from './rpc/edge-limits.ts'
import { Edge } from './rpc/edge.ts'

/** Exit codes of every command. */
const OK = 0
const FAILED = 1
const USAGE = 2

const NODE_MAJOR = 26
const PAGE = fileURLToPath(new URL('../../sdk/editor/dist', import.meta.url))
/** The edge's own goodbye, after the core has ended every session. */
const GOODBYE_MS = 2_000

/** A server that takes calls. */
export interface RunningServer {
  /** As `http://127.0.0.1:7420`. */
  readonly url: string
  readonly port: number
  readonly server: Server
  /** Asks clients to go elsewhere, makes everything durable, closes. Idempotent. */
  stop(): Promise<void>
}

/** Starts a server and resolves once it takes calls. @throws {Error} whose {@link startSentence} says what to do */
export async function serve(config: ServerConfig, runtime: Runtime = systemRuntime): Promise<RunningServer> {
  refuseOldNode(process.versions.node)
  const metrics = new Metrics()
  const telemetry = telemetryOf(stderrLogger(config.log), metrics)
  const { authenticator, issue } = identityOf(config, runtime.clock)
  let edge: Edge | undefined
  const stores = await openStores(config, runtime, (writable, cause) => {
    telemetry.log(writable ? 'info' : 'error', writable ? 'the store takes writes again' : 'the store takes no writes', { cause })
    edge?.storeHealth(writable)
  })
  const limits = { drainMs: Math.max(1, config.drainSeconds * 1000), closeMs: config.closeSeconds * 1000 }
  const server = compose({ ...stores, authenticator, telemetry, runtime }, { limitPreset: config.limits, limits })
  try {
    edge = new Edge(server, {
      ...config.listen,
      origins: config.origins,
      development: config.mode === 'development',
      page: config.page === '' ? PAGE : config.page,
      limits: EDGE_LIMITS,
      ...(config.metrics === undefined ? { metrics } : {}),
      ...(issue === undefined ? {} : { issueToken: issue }),
    })
    const metricsPort = config.metrics === undefined ? undefined : await openMetricsPort(config.metrics, metrics)
    const { port } = await edge.listen()
    const stop = once(() => shutDown(edge as Edge, server, config, telemetry).finally(() => metricsPort?.close()))
    telemetry.log('info', 'the server is ready', { mode: config.mode, store: config.store, limits: config.limits, port })
    return { url: urlOf(config, port), port, server, stop }
  } catch (error) {
    await server.close()
    throw error
  }
}

/** `concord serve`: runs until a signal says stop. @returns the exit code */
export async function runServer(source: ConfigSource, runtime: Runtime = systemRuntime): Promise<number> {
  const config = readConfig(source)
  if ('kind' in config) return complain(config.problems, USAGE)
  if (config.limits === 'loadtest') process.stderr.write('concord: limits are lifted for load tests; do not serve people like this\n')
  try {
    const running = await serve(config, runtime)
    process.stdout.write(`concord ready ${running.url}\n`)
    return await untilStopped(running, config, runtime)
  } catch (error) {
    const sentence = startSentence(error)
    if (sentence === undefined) throw error
    return complain([sentence], FAILED)
  }
}

/** Exits by itself at the deadline; a second signal does not wait for it. */
async function untilStopped(running: RunningServer, config: ServerConfig, { timers }: Runtime): Promise<number> {
  const signal = Promise.withResolvers<void>()
  const impatient = (): void => process.exit(FAILED)
  const onSignal = (): void => {
    for (const name of SIGNALS) process.off(name, onSignal).once(name, impatient)
    signal.resolve()
  }
  for (const name of SIGNALS) process.once(name, onSignal)
  await signal.promise
  const deadline = timers.set((config.drainSeconds + config.closeSeconds) * 1000 + 2 * GOODBYE_MS, impatient)
  await running.stop()
  timers.clear(deadline)
  for (const name of SIGNALS) process.off(name, impatient)
  return OK
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** Not ready; clients told; as long as they need to leave; then everything to disk, and the last goodbye. */
async function shutDown(edge: Edge, server: Server, { drainSeconds }: ServerConfig, telemetry: Telemetry): Promise<void> {
  telemetry.log('info', 'the server is stopping', { carriers: edge.carriers })
  edge.drain()
  server.drain()
  await edge.emptied(drainSeconds * 1000)
  await server.close()
  await edge.close(GOODBYE_MS)
  telemetry.log('info', 'the server has stopped')
}

function refuseOldNode(version: string): void {
  if (Number(version.split('.', 1)[0]) < NODE_MAJOR) throw new StartRefused(`Concord needs Node ${NODE_MAJOR}, this is ${version}: use the one in node_modules/.bin, or install it`)
}

function complain(sentences: readonly string[], code: number): number {
  for (const sentence of sentences) process.stderr.write(`concord: ${sentence}\n`)
  return code
}

function urlOf({ listen }: ServerConfig, port: number): string {
  return `http://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${port}`
}

function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined
  return () => (stopped ??= stop())
}
