import { SETTINGS, type SettingName } from '../config.ts'
import type { Setting } from './setting.ts'

/** One setting for documentation. */
export interface SettingDescription {
  readonly name: SettingName
  readonly env: string
  readonly takes: string
  readonly preset: string
  readonly unit: string
  readonly doc: string
}

export function describeSettings(): readonly SettingDescription[] {
  return (Object.keys(SETTINGS) as SettingName[]).map((name) => {
    const { env, takes, preset, unit = '', doc }: Setting<unknown> = SETTINGS[name]
    const both = typeof preset === 'string' ? preset : `${preset.development || '(none)'}; in production ${preset.production || '(none)'}`
    return { name, env, takes, preset: both === '' ? '(none)' : both, unit, doc }
  })
}

/** The table as text for a terminal. */
export function printSettings(): string {
  return describeSettings()
    .map(({ env, takes, preset, unit, doc }) => `${env}\n    ${doc}\n    Takes ${takes}${unit === '' ? '' : ` (${unit})`}. Default: ${preset}\n`)
    .join('\n')
}
