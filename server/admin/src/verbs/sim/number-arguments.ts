import type { Arguments } from '../../command/command.ts'
import { usageError } from '../../command/exit.ts'

/** A whole number from 1; undefined where the option was left out. */
export function wholeNumber(args: Arguments, name: string): number | undefined {
  const value = args.number(name)
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1)) throw usageError(`--${name} takes a whole number from 1`)
  return value
}

/** Anything above 0; undefined where the option was left out. */
export function positiveNumber(args: Arguments, name: string): number | undefined {
  const value = args.number(name)
  if (value !== undefined && !(value > 0)) throw usageError(`--${name} takes a number above 0`)
  return value
}

/** The seed of a run, 1 where none was given. */
export function seedOf(args: Arguments): number {
  const seed = args.number('seed') ?? 1
  if (!Number.isSafeInteger(seed)) throw usageError('--seed takes a whole number')
  return seed
}
