/** What a setting's text means, or a sentence about what is wrong with it. */
export type Read<T> = { readonly value: T } | { readonly problem: string }

/** One row of the table of settings. */
export interface Setting<T> {
  /** Environment variable. */
  readonly env: string
  /** What may be written there. */
  readonly takes: string
  /** As it would be written; by mode where the modes differ. */
  readonly preset: string | { readonly development: string; readonly production: string }
  readonly unit?: string
  readonly doc: string
  readonly read: (text: string) => Read<T>
}

export interface Address {
  readonly host: string
  readonly port: number
}

type Row = Pick<Setting<unknown>, 'env' | 'preset' | 'doc'>

export function choice<const Choice extends string>(row: Row, choices: readonly Choice[]): Setting<Choice> {
  const takes = choices.join(' | ')
  const read = (text: string): Read<Choice> => {
    const value = choices.find((one) => one === text)
    return value === undefined ? { problem: `takes ${takes}` } : { value }
  }
  return { ...row, takes, read }
}

export function text(row: Row, takes: string, pattern: RegExp): Setting<string> {
  return { ...row, takes, read: (value) => (pattern.test(value) ? { value } : { problem: `takes ${takes}` }) }
}

/** A path from the folder the process runs in; empty where that means none. */
export function path(row: Row): Setting<string> {
  return { ...row, takes: 'a path', read: (value) => (value.includes('\0') ? { problem: 'takes a path' } : { value }) }
}

export function whole(row: Row, unit: string, from: number, to: number): Setting<number> {
  const takes = `a whole number from ${from} to ${to}`
  const read = (value: string): Read<number> => {
    const number = Number(value)
    return /^\d+$/.test(value) && number >= from && number <= to ? { value: number } : { problem: `takes ${takes} (${unit})` }
  }
  return { ...row, unit, takes, read }
}

/** `host:port`, `[v6]:port`; port 0 lets the system choose. Empty means none where `optional`. */
export function address(row: Row, optional: boolean): Setting<Address | undefined> {
  const takes = `host:port, as 127.0.0.1:7420${optional ? ', or nothing' : ''}`
  const read = (value: string): Read<Address | undefined> => {
    if (value === '' && optional) return { value: undefined }
    const match = /^(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(value)
    const port = Number(match?.[3])
    return match === null || port > 65_535 ? { problem: `takes ${takes}` } : { value: { host: match[1] ?? match[2] ?? '', port } }
  }
  return { ...row, takes, read }
}

/** A list with commas; each part is judged alone. */
export function list(row: Row, takes: string, isGood: (part: string) => boolean): Setting<readonly string[]> {
  const read = (value: string): Read<readonly string[]> => {
    const parts = value.split(',').map((part) => part.trim()).filter((part) => part !== '')
    const bad = parts.find((part) => !isGood(part))
    return bad === undefined ? { value: parts } : { problem: `takes ${takes}; ${JSON.stringify(bad)} is none` }
  }
  return { ...row, takes: `${takes}, separated by commas`, read }
}

/** An address of the web over TLS, or on this machine. Empty means none. */
export function url(row: Row): Setting<URL | undefined> {
  const takes = 'an https:// address (http:// on this machine)'
  const read = (value: string): Read<URL | undefined> => {
    if (value === '') return { value: undefined }
    if (!URL.canParse(value)) return { problem: `takes ${takes}` }
    const parsed = new URL(value)
    const local = parsed.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname)
    return parsed.protocol === 'https:' || local ? { value: parsed } : { problem: `takes ${takes}` }
  }
  return { ...row, takes, read }
}
