/** What a command's exit code tells a script. */
export const EXIT = { ok: 0, checkFailed: 1, usage: 2, unreachable: 3, unknown: 4 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Ends a command with a sentence for the user and an exit code for the script. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exit: ExitCode

  constructor(exit: ExitCode, message: string) {
    super(message)
    this.exit = exit
  }
}

export function usageError(message: string): CommandError {
  return new CommandError(EXIT.usage, message)
}
