import type { Command, OptionTable } from './command.ts'
import { COMMON_OPTIONS } from './parse-arguments.ts'

export function commandHelp(summary: string, command: Command): string {
  return `usage: concord ${command.usage}\n\n${summary}.\n\n${optionHelp({ ...command.options, ...COMMON_OPTIONS })}`
}

export function optionHelp(table: OptionTable): string {
  const rows = Object.entries(table).map(([name, { kind, value, doc, short }]) => [`${short === undefined ? '' : `-${short}, `}--${name}${kind === 'flag' ? '' : ` ${value ?? kind.toUpperCase()}`}`, doc] as const)
  return columns(rows)
}

/** Two columns, the first as wide as it needs to be. */
export function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
