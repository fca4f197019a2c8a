import { attributesName, nameProblem, valueProblem } from './attributes.ts'
import { embedProblem } from './embed.ts'
import { type Invalid, invalid } from './invalid.ts'
import type { OperationLimits } from './limits.ts'
import type { Attributes, AttributeValue, Embed, Operation, TieKey } from './operation.ts'
import { equalKeys, keyName, keyProblem, LOWEST_KEY } from './tie-key.ts'

/** What is wrong with the tables by themselves; whether they are used, and in order, is for `checkComponents`. */
export function checkTables(operation: Operation, limits: OperationLimits): Invalid | undefined {
  return (
    checkEach('attributes', operation.attributes, (set, field) => checkSet(set, field, limits)) ??
    checkEach('embeds', operation.embeds, (embed, field) => checkEmbed(embed, field, limits)) ??
    checkEach('keys', operation.keys, checkKey) ??
    checkDistinct('attributes', operation.attributes.map(attributesName)) ??
    checkDistinct('keys', operation.keys.map(keyName)) ??
    checkLowest(operation.keys)
  )
}

function checkEach<T>(table: string, entries: readonly T[], check: (entry: T, field: string) => Invalid | undefined): Invalid | undefined {
  for (let i = 0; i < entries.length; i++) {
    const found = check(entries[i]!, `${table}[${i}]`)
    if (found !== undefined) return found
  }
  return undefined
}

function checkSet(set: Attributes, field: string, limits: OperationLimits): Invalid | undefined {
  if (set.length === 0) return invalid('not_canonical', field, 'an empty set is index 0')
  if (set.length > limits.attributesPerSet) return invalid('too_large', field, `${set.length} attributes, at most ${limits.attributesPerSet}`)
  let previous = ''
  for (const [name, value] of set) {
    const found = checkAttribute(name, value, field, limits)
    if (found !== undefined) return found
    if (name <= previous) return invalid('not_canonical', field, 'names are sorted by code units and unique')
    previous = name
  }
  return undefined
}

function checkAttribute(name: string, value: AttributeValue, field: string, limits: OperationLimits): Invalid | undefined {
  if (name.length > limits.attributeNameLength) return invalid('too_large', field, `a name of ${name.length} units, at most ${limits.attributeNameLength}`)
  if (typeof value === 'string' && value.length > limits.attributeValueLength) {
    return invalid('too_large', field, `a value of ${value.length} units, at most ${limits.attributeValueLength}`)
  }
  if (!name.isWellFormed() || (typeof value === 'string' && !value.isWellFormed())) return invalid('surrogate', field, 'a lone surrogate')
  const problem = nameProblem(name) ?? valueProblem(value)
  if (problem !== undefined) return invalid('attribute', field, problem)
  return Object.is(value, -0) ? invalid('not_canonical', field, 'negative zero is written 0') : undefined
}

function checkEmbed(embed: Embed, field: string, limits: OperationLimits): Invalid | undefined {
  if (embed.type.length > limits.attributeNameLength) {
    return invalid('too_large', field, `a type of ${embed.type.length} units, at most ${limits.attributeNameLength}`)
  }
  if (embed.data.length > limits.embedDataLength) {
    return invalid('too_large', field, `data of ${embed.data.length} units, at most ${limits.embedDataLength}`)
  }
  if (!embed.type.isWellFormed() || !embed.data.isWellFormed()) return invalid('surrogate', field, 'a lone surrogate')
  const problem = embedProblem(embed)
  return problem === undefined ? undefined : invalid('embed', field, problem)
}

function checkKey(key: TieKey, field: string): Invalid | undefined {
  const problem = keyProblem(key)
  return problem === undefined ? undefined : invalid('key', field, problem)
}

function checkDistinct(table: string, names: readonly string[]): Invalid | undefined {
  return new Set(names).size === names.length ? undefined : invalid('not_canonical', table, 'two entries are equal')
}

function checkLowest(keys: readonly TieKey[]): Invalid | undefined {
  const alone = keys.length === 1 && equalKeys(keys[0]!, LOWEST_KEY)
  return alone ? invalid('not_canonical', 'keys', 'the lowest key alone is an empty table') : undefined
}
