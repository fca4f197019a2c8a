import { Role } from '@concord/proto'
import { type Client, connect, type Document } from '@concord/client'
import { connection, developmentToken } from '../src/connection.ts'
import { untilInStep } from '../src/replay/agreement.ts'
import { Seeded } from '../src/replay/seeded.ts'
import { type RunningServer, startServer } from '../src/replay/with-server.ts'
import { ServerSource } from '../src/server-source.ts'
import { hex, verifyLog } from '../src/verify/verify-log.ts'

/** A server that can be killed and comes back at the same address with the same data. */
export class MortalServer {
  readonly #data: string
  #running: RunningServer

  private constructor(data: string, running: RunningServer) {
    this.#data = data
    this.#running = running
  }

  static async start(data: string): Promise<MortalServer> {
    return new MortalServer(data, await startServer(['--data', data, '--limits', 'loadtest', '--log', 'error']))
  }

  get url(): string {
    return this.#running.url
  }

  async killAndRestart(): Promise<void> {
    const { host } = new URL(this.url)
    await this.#running.kill()
    this.#running = await startServer(['--listen', host, '--data', this.#data, '--limits', 'loadtest', '--log', 'error'])
  }

  async stop(): Promise<void> {
    await this.#running.stop()
  }
}

interface Editor {
  readonly name: string
  readonly client: Client
  readonly document: Document
  /** Text that an ack promised, by the version it named. */
  readonly acknowledged: Map<number, string>
  made: number
}

const EDITORS = 4

/**
 * Clients type words that occur once; the server dies in the middle and comes back; everybody finishes. What must hold then
 * comes back as sentences about what does not: every acknowledged word stands in the log exactly once, at the version its
 * ack named; nothing that was typed is lost or doubled; the log is sound; all copies are equal.
 */
export async function killRound(server: MortalServer, round: number, seed: number): Promise<{ readonly problems: string[]; readonly acknowledged: number }> {
  const random = new Seeded(seed + round)
  const name = `documents/killed-${round}`
  const editors = await openEditors(server.url, name)
  try {
    const typing = new AbortController()
    const typed = Promise.all(editors.map((editor, index) => type(editor, new Seeded(seed * 31 + round * EDITORS + index), typing.signal)))
    await sleep(20 + random.below(300))
    const before = editors.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0)
    await server.killAndRestart()
    typing.abort()
    await typed
    await Promise.all(editors.map(({ document }) => document.saved()))
    await untilInStep(editors)
    return { problems: await whatIsWrong(server.url, name, editors), acknowledged: before }
  } finally {
    await Promise.all(editors.map(({ client }) => client.close()))
  }
}

async function openEditors(url: string, name: string): Promise<Editor[]> {
  const { documents } = connection(url, () => developmentToken(url, 'killer-0'))
  await documents.createDocument({ documentId: name.replace('documents/', ''), document: { type: 'text' } })
  for (let index = 1; index < EDITORS; index++) await documents.setGrant({ document: name, grant: { userId: `killer-${index}`, role: Role.EDITOR } })
  return Promise.all(
    Array.from({ length: EDITORS }, async (_, index) => {
      const client = connect({ url, token: () => developmentToken(url, `killer-${index}`) })
      const document = await client.open(name)
      const acknowledged = new Map<number, string>()
      document.on('committed', ({ own, version, operation }) => {
        if (own) acknowledged.set(version, operation.text)
      })
      return { name: `k${index}`, client, document, acknowledged, made: 0 }
    }),
  )
}

/** A word is `<k2.17>`: typed once by everybody together. */
async function type(editor: Editor, random: Seeded, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { document } = editor
    if (document.status.pending < 50) {
      const text = document.text.toString()
      const places = [...text.matchAll(/>/g)].map(({ index }) => index + 1)
      document.text.insert(places[random.below(places.length)] ?? 0, `<${editor.name}.${editor.made++}>`)
    }
    await sleep(random.below(4))
  }
}

async function whatIsWrong(url: string, name: string, editors: readonly Editor[]): Promise<string[]> {
  const source = new ServerSource(connection(url, () => developmentToken(url, 'killer-0')), name)
  const report = await verifyLog(source)
  const problems = report.problems.map(({ version, what }) => `log at version ${version}: ${what}`)
  const inserted = new Map<number, string>()
  for await (const { change } of source.rows()) inserted.set(Number(change?.version), change?.operation?.text ?? '')
  for (const editor of editors) {
    const { document, acknowledged, made } = editor
    for (const [version, text] of acknowledged) if (inserted.get(version) !== text) problems.push(`${editor.name}: acknowledged at version ${version} was ${text}, the log has ${inserted.get(version)}`)
    if (document.text.toString() !== report.text || document.confirmedHash !== hex(report.hash)) problems.push(`${editor.name} differs from the log`)
    for (let word = 0; word < made; word++) {
      const count = report.text.split(`<${editor.name}.${word}>`).length - 1
      if (count !== 1) problems.push(`${editor.name}: word ${word} of ${made} stands in the document ${count} times`)
    }
  }
  return problems
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
