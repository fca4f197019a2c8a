import type { Arguments, Command, Io } from '../command/command.ts'
import { EXIT, type ExitCode } from '../command/exit.ts'
import { calling, CONNECTION_OPTIONS, connectTo, documentName } from '../connection.ts'
import { progressBar } from '../command/progress.ts'
import { ServerSource } from '../server-source.ts'
import { StoreSource } from '../store-source.ts'
import { hex, type LogSource, type VerifyReport, verifyLog } from '../verify/verify-log.ts'

export const verify: Command = {
  usage: 'verify DOCUMENT [options]',
  options: {
    data: { kind: 'text', value: 'DIR', doc: 'read the store of a stopped server instead of asking a running one' },
    tenant: { kind: 'text', doc: 'tenant of the document, with --data (default: local)' },
    ...CONNECTION_OPTIONS,
  },
  async run(args, io): Promise<ExitCode> {
    const document = documentName(args.positionals[0])
    const report = await calling(() => verifySource(args, io, document), EXIT.unknown)
    print(document, report, io)
    return report.problems.length === 0 ? EXIT.ok : EXIT.checkFailed
  },
}

async function verifySource(args: Arguments, io: Io, document: string): Promise<VerifyReport> {
  const data = args.text('data')
  const source = data === undefined ? new ServerSource(connectTo(args, io), document) : new StoreSource(data, args.text('tenant') ?? 'local', document)
  const bar = progressBar(io, 'folding', await lastVersion(source))
  try {
    return await verifyLog(source, (version) => bar.at(version))
  } finally {
    bar.done()
    if (source instanceof StoreSource) source.close()
  }
}

async function lastVersion(source: LogSource): Promise<number> {
  return (await source.head())?.version ?? 0
}

function print(document: string, report: VerifyReport, io: Io): void {
  const { versions, length, hash, hashes, snapshots, problems } = report
  const facts = { document, versions, length, hash: hex(hash), hashes, snapshots }
  const checked = `${versions} versions, ${length} units, content hash ${hex(hash)}; compared ${hashes} hashes, ${snapshots} snapshots`
  const lines = problems.map(({ version, what }) => `  version ${version}: ${what}`)
  io.result({ ...facts, ok: problems.length === 0, problems }, problems.length === 0 ? `${document}: sound. ${checked}` : `${document}: NOT SOUND from version ${problems[0]?.version} on. ${checked}\n${lines.join('\n')}`)
}
