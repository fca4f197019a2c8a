import { parseArgs } from 'node:util'
import type { Arguments, OptionTable } from './command.ts'
import { usageError } from './exit.ts'
import { closest } from './suggest.ts'

/** Options that every verb has. */
export const COMMON_OPTIONS: OptionTable = {
  json: { kind: 'flag', doc: 'print the result as JSON' },
  help: { kind: 'flag', doc: 'explain the command' },
}

/** @throws CommandError (usage), with the option that was probably meant */
export function parseArguments(argv: readonly string[], table: OptionTable): Arguments {
  const all = { ...table, ...COMMON_OPTIONS }
  const shorts = new Set(Object.values(all).map(({ short }) => `-${short}`))
  for (const word of argv) {
    const name = /^--(?:no-)?([^=]+)/.exec(word)?.[1]
    if (word.startsWith('-') && word !== '-' && word !== '--' && !/^-\d/.test(word) && !shorts.has(word) && (name === undefined || !Object.hasOwn(all, name))) throw usageError(`unknown option ${word}${didYouMean(name, all)}`)
  }
  const { values, positionals } = parse(argv, all)
  const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined)
  return {
    positionals,
    flag: (name) => values[name] === true,
    text,
    number: (name) => numberOf(name, text(name)),
  }
}

function parse(argv: readonly string[], table: OptionTable) {
  const options = Object.fromEntries(Object.entries(table).map(([name, { kind, short }]) => [name, { type: kind === 'flag' ? ('boolean' as const) : ('string' as const), ...(short === undefined ? {} : { short }) }]))
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (error) {
    throw usageError((error as Error).message)
  }
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number)) throw usageError(`--${name} takes a number, not ${JSON.stringify(text)}`)
  return number
}

function didYouMean(name: string | undefined, table: OptionTable): string {
  const meant = name === undefined ? undefined : closest(name, Object.keys(table))
  return meant === undefined ? '' : `; did you mean --${meant}?`
}
