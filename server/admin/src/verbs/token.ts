import { developmentSecret, issueToken } from '@concord/server/adapters/jose/development-tokens'
import type { Command } from '../command/command.ts'
import { EXIT, type ExitCode, usageError } from '../command/exit.ts'
import { developmentToken, serverUrl } from '../connection.ts'

export const token: Command = {
  usage: 'token --user ID [options]',
  options: {
    user: { kind: 'text', value: 'ID', doc: 'who the token speaks for' },
    name: { kind: 'text', doc: 'display name, with --data (default: the id)' },
    url: { kind: 'text', doc: 'the development server that issues it (default: CONCORD_URL, or http://127.0.0.1:7420)' },
    data: { kind: 'text', value: 'DIR', doc: 'sign it with the development secret in a data folder, without a server' },
  },
  async run(args, io): Promise<ExitCode> {
    const user = args.text('user')
    if (user === undefined) throw usageError('say who the token is for: --user ada')
    const data = args.text('data')
    const issued = data === undefined ? await developmentToken(serverUrl(args, io), user) : await issueToken(developmentSecret(data), { user, name: args.text('name') ?? user }, Date.now())
    io.result({ user, token: issued }, issued)
    return EXIT.ok
  },
}
