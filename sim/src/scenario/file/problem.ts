import type { z } from 'zod'
import { didYouMean } from './suggest.ts'

/** Something wrong with a file: where, and what would be right. */
export interface Problem {
  /** Keys and indexes from the top of the file. */
  readonly path: readonly (string | number)[]
  /** It is the key that is wrong, not its value. */
  readonly isKey: boolean
  readonly message: string
}

/** Problems shown at once; a file that is wrong all over is read from the top. */
const MOST_PROBLEMS = 20

/** A line for each problem: where it is, which key, what is wrong. @param place as `swarm.yaml:12:5` */
export function problemLines(problems: readonly Problem[], place: (problem: Problem) => string): string[] {
  const lines = problems.slice(0, MOST_PROBLEMS).map((problem) => `${place(problem)}: ${nameOf(problem)}${problem.message}`)
  return problems.length > MOST_PROBLEMS ? [...lines, `and ${problems.length - MOST_PROBLEMS} more`] : lines
}

/** `faults[0].at ` before what is wrong with a value; `faults[0]: ` before a key that has no place there. */
function nameOf({ path, isKey }: Problem): string {
  const shown = isKey ? path.slice(0, -1) : path
  if (shown.length === 0) return ''
  const name = shown.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('')
  return `${name}${isKey ? ': ' : ' '}`
}

/** What a schema found, in the words of whoever writes the file. `keysAt` lists what may stand in the mapping at a path. */
export function problemsOf(error: z.ZodError, value: unknown, keysAt: KeysAt): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, value, keysAt))
}

type KeysAt = (path: readonly (string | number)[]) => readonly string[]

function problemsOfIssue(issue: z.core.$ZodIssue, value: unknown, keysAt: KeysAt): Problem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
  const given = valueAt(value, path)
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path)
    const allowed = known.length === 0 ? '' : ` (there is ${known.join(', ')})`
    return issue.keys.map((key) => ({ path: [...path, key], isKey: true, message: `there is no key "${key}" here${allowed}${didYouMean(key, known)}` }))
  }
  if (issue.code === 'invalid_key') return [{ path, isKey: true, message: issue.issues[0]?.message ?? issue.message }]
  if (given === undefined) return [missing(path, issue)]
  const meant = issue.code === 'invalid_union' ? meantBranch(issue.errors) : undefined
  if (meant !== undefined) return meant.flatMap((inner) => problemsOfIssue({ ...inner, path: [...path, ...inner.path] } as z.core.$ZodIssue, value, keysAt))
  return [{ path, isKey: false, message: `${shown(given)}${wordsOf(issue, given)}` }]
}

/** The form that a value was probably meant to have: one whose kind fits, with the fewest problems. */
function meantBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const kinds = branches.flatMap((issues) => issues.filter(isUnknownKind))
  const fitting = branches.filter((issues) => !issues.some((issue) => (issue.path.length === 0 && issue.code !== 'unrecognized_keys') || isUnknownKind(issue)))
  const [best] = [...fitting].sort((a, b) => a.length - b.length)
  const [first] = kinds
  if (best !== undefined || first === undefined) return best
  return [{ ...first, options: kinds.flatMap(kindsOf) } as UnknownKind]
}

type UnknownKind = z.core.$ZodIssueInvalidUnion & { readonly note: string }

function isUnknownKind(issue: z.core.$ZodIssue): issue is UnknownKind {
  return 'note' in issue && issue.note === 'No matching discriminator'
}

function kindsOf(issue: UnknownKind): readonly unknown[] {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options : []
}

/** The key is not there: what stands around it is shown. */
function missing(path: readonly (string | number)[], issue: z.core.$ZodIssue): Problem {
  return { path: path.slice(0, -1), isKey: false, message: `"${String(path.at(-1) ?? 'the file')}" is missing: it ${wordsOf(issue, undefined)}` }
}

function wordsOf(issue: z.core.$ZodIssue, given: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('Invalid input') ? `must be ${TYPES[issue.expected] ?? issue.expected}` : issue.message
    case 'invalid_value': {
      const allowed = issue.values.map(String)
      return `must be one of ${allowed.join(', ')}${typeof given === 'string' ? didYouMean(given, allowed) : ''}`
    }
    case 'invalid_union': {
      const allowed = isUnknownKind(issue) ? kindsOf(issue).map(String) : []
      return allowed.length === 0 ? plain(issue.message) : `must be one of ${allowed.join(', ')}${typeof given === 'string' ? didYouMean(given, allowed) : ''}`
    }
    case 'too_small':
      return `must be at least ${String(issue.minimum)}${unitOf(issue.origin)}`
    case 'too_big':
      return `must be at most ${String(issue.maximum)}${unitOf(issue.origin)}`
    default:
      return plain(issue.message)
  }
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'a mapping of keys and values',
  record: 'a mapping of names and values',
  array: 'a list',
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters' : origin === 'array' ? ' long' : ''
}

function plain(message: string): string {
  return message === 'Invalid input' ? 'has the wrong form' : message
}

/** Mappings and lists are seen in the file. */
function shown(given: unknown): string {
  if (typeof given === 'object' && given !== null) return ''
  return `is ${JSON.stringify(given)}, but `
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined), value)
}
