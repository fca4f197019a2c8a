import type { ExitCode } from './exit.ts'

/** One verb of the command line. */
export interface Command {
  /** What stands after `concord`, as `verify DOCUMENT [options]`. */
  readonly usage: string
  readonly options: OptionTable
  run(args: Arguments, io: Io): Promise<ExitCode>
}

/** How a verb is listed, and where it is. */
export interface Verb {
  /** One line, without a full stop. */
  readonly summary: string
  /** Called only when the verb is: `concord token` must not wait for the parts of a server. */
  load(): Promise<Command | CommandGroup>
}

/** A verb with verbs of its own, as `sim`. */
export interface CommandGroup {
  readonly verbs: ReadonlyMap<string, Verb>
}

export type OptionTable = Readonly<Record<string, Option>>

export interface Option {
  /** `flag` takes no value. */
  readonly kind: 'flag' | 'text' | 'number'
  /** What it does, with unit and default. */
  readonly doc: string
  readonly value?: string
  /** One letter that stands for it after one hyphen. */
  readonly short?: string
}

export interface Arguments {
  readonly positionals: readonly string[]
  flag(name: string): boolean
  text(name: string): string | undefined
  number(name: string): number | undefined
}

/** Where a command writes. Results go to stdout, once; progress and sentences for people to stderr. */
export interface Io {
  readonly json: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isTerminal: boolean
  /** The command's result: `value` with `--json`, else `text`. */
  result(value: unknown, text: string): void
  progress(text: string): void
}
