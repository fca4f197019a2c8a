/**
 * What a command's exit code tells a script. `unknown`: it could not be told whether the check holds. `crashed`: what was
 * checked, or what checks it, threw; neither a pass nor a failed check.
 */
export const EXIT = { ok: 0, checkFailed: 1, usage: 2, unreachable: 3, unknown: 4, crashed: 5 } as const

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
