import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '@concord/server/config'
import { type RunningServer, serve } from '@concord/server/main'
import type { Io } from '../src/command/command.ts'
import type { ExitCode } from '../src/command/exit.ts'
import { run } from '../src/main.ts'

/** A server in this process, on a free port, with a data folder that goes with it. */
export interface TestServer {
  readonly url: string
  readonly data: string
  stop(): Promise<void>
  remove(): Promise<void>
}

export async function startTestServer(): Promise<TestServer> {
  const data = await mkdtemp(join(tmpdir(), 'concord-test-'))
  const config = readConfig({ env: {}, options: { listen: '127.0.0.1:0', data, log: 'silent', limits: 'loadtest', drainSeconds: '0' } })
  if ('kind' in config) throw new Error(config.problems.join())
  const running: RunningServer = await serve(config)
  return { url: running.url, data, stop: () => running.stop(), remove: () => rm(data, { recursive: true }) }
}

/** Runs a command as the bin would. */
export async function concord(env: Io['env'], ...argv: string[]): Promise<{ readonly exit: ExitCode; readonly value: unknown; readonly text: string; readonly errors: string }> {
  let [value, text, errors] = [undefined as unknown, '', '']
  const result = (given: unknown, shown: string): void => {
    value = JSON.parse(JSON.stringify(given))
    text = shown
  }
  const io: Io = { json: false, env, isTerminal: false, result, progress: (line) => void (errors += `${line}\n`) }
  return { exit: await run(argv, io), value, text, errors }
}
