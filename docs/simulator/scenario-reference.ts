import type { z } from 'zod'
import { SOMETIMES } from '../../sim/src/run/watch/sometimes.ts'
import { TRICKS } from '../../sim/src/plan/tricks.ts'
import { FAULTS } from '../../sim/src/scenario/schema/fault-schema.ts'
import { PRESET_LINKS } from '../../sim/src/scenario/expand/links.ts'
import type { Notation } from '../../sim/src/scenario/schema/notation.ts'
import { MISSING_PARTS } from '../../sim/src/scenario/file/parts.ts'
import { scenarioSchema } from '../../sim/src/scenario/schema/schema.ts'
import { definitionOf, unwrapped } from '../../sim/src/scenario/schema/schema-keys.ts'

/** The reference of scenario files, `docs/simulator/scenario-reference.md`, from the schema's own descriptions. */
export function scenarioReference(): string {
  const { shape } = scenarioSchema
  const sections = [
    INTRODUCTION,
    `## The file\n\n${table(scenarioSchema)}`,
    section('The servers: `topology`', shape.topology, { 'One of `topology.nodes`': elementOf(keyOf(shape.topology, 'nodes')) }),
    section('The limits: `limits`', shape.limits),
    section('The documents: `documents.<name>`', shape.documents),
    section('The links: `links.<name>`', shape.links),
    `Links that are there:\n\n${presets()}`,
    section('The actors: `actors.<name>`', shape.actors, { 'What they do: `actors.<name>.does`': keyOf(shape.actors, 'does') }),
    section('What changes on the way: one of `steps`', shape.steps),
    faults(),
    section('What must hold: `expect`', shape.expect, { 'One of `expect.levels`': elementOf(keyOf(shape.expect, 'levels')) }),
    `Conditions that \`expect.seen\` can name:\n\n${words(['condition', 'when it was seen'], SOMETIMES)}`,
    swarm(),
    `## What hostile actors try\n\n${TRICKS.map((trick) => `- ${trick}`).join('\n')}`,
    section('Parts that do not exist yet: `requires`', elementOf(shape.requires)),
    words(['part', 'what it is'], MISSING_PARTS),
  ]
  return `${sections.join('\n\n')}\n`
}

const INTRODUCTION = `# Scenario files

A scenario is a YAML file: who edits what over which network, what changes, what goes wrong, and what must hold. \`make generate\` writes
this page from the schema in \`sim/src/scenario\`, which also checks every file: a key that does not exist, a value that cannot be, a name that
nothing bears is answered with file, line, column, what is allowed and what was probably meant. The [tutorial](tutorial.md) writes
one step by step; the scenarios that come with the simulator are in \`sim/scenarios\`.

Times are written with their unit (\`150ms\`, \`20s\`, \`5m\`, \`24h\`), so are sizes (\`500 B\`, \`10 KB\`, \`2 MB\`), rates (\`3/s\`, \`20/min\`, \`5/h\`), shares (\`40 %\`),
factors (\`x10\`) and ranges (\`1s..5s\`, \`30..90\`). Names consist of small letters, digits and hyphens.`

function faults(): string {
  return `## What goes wrong: one of \`faults\`

Each has \`fault\`, its kind, and exactly one of \`at\`, \`every\` and \`rate\`. What lasts (\`for\`) is ended by an event of its own, which shrinking removes
together with its beginning; what has no end is ended when the world heals, after \`duration\`.

${table(FAULTS[0], ['at', 'every', 'rate', 'from', 'until'])}

Faults that strike actors have these, too:

${table(FAULTS[0], ['on', 'share', 'pick', 'over'])}

Faults that strike nodes have \`node\` and \`apart\`:

${table(FAULTS.find((fault) => fault.shape.fault.value === 'kill')!, ['node', 'apart'])}

| fault | what happens | keys of its own |
|---|---|---|
${FAULTS.map(faultRow).join('\n')}`
}

function swarm(): string {
  const { shape } = scenarioSchema
  const kinds = Object.keys(shapeOf(keyOf(shape.swarm, 'faults')))
  return `## Everything drawn: \`swarm\`

A scenario with \`swarm\` has neither documents, actors, steps nor faults of its own: each seed draws a world, edits and faults from these settings.
Lists are drawn from once per run; a value that stands twice is drawn twice as often.

${table(shape.swarm)}

Kinds that \`swarm.faults\` gives probabilities to: ${kinds.map(code).join(', ')}.`
}

function words([name, meaning]: readonly [string, string], rows: Readonly<Record<string, string>>): string {
  return [`| ${name} | ${meaning} |`, '|---|---|', ...Object.entries(rows).map(([key, text]) => `| \`${key}\` | ${text} |`)].join('\n')
}

function section(title: string, schema: z.ZodType, below: Readonly<Record<string, z.ZodType>> = {}): string {
  const tables = Object.entries(below).map(([name, inner]) => `${name}:\n\n${table(inner)}`)
  return [`## ${title}`, table(schema), ...tables].join('\n\n')
}

/** The keys of a mapping, or of what a list or a set of names holds. */
function table(schema: z.ZodType, only?: readonly string[]): string {
  return ['| key | value | left out | meaning |', '|---|---|---|---|', ...rowsOf(schema, '', only)].join('\n')
}

/** A mapping in a mapping stands below it, as `think.after`; what has a section or a page of its own does not. */
function rowsOf(schema: z.ZodType, prefix: string, only?: readonly string[]): string[] {
  return Object.entries(shapeOf(schema))
    .filter(([key]) => only?.includes(key) ?? true)
    .flatMap(([key, value]) => {
      const isSmall = definitionOf(unwrapped(value)).type === 'object' && Object.keys(shapeOf(value)).length < 10 && !SECTIONS.includes(prefix + key)
      const row = `| \`${prefix}${key}\` | ${formOf(value)} | ${defaultOf(value)} | ${descriptionOf(value)} |`
      return isSmall ? [row, ...rowsOf(value, `${prefix}${key}.`)] : [row]
    })
}

const SECTIONS: readonly string[] = ['topology', 'limits', 'expect', 'does']

function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> {
  const inner = unwrapped(schema)
  const { shape, element, valueType } = definitionOf(inner)
  const below = element ?? valueType
  return shape ?? (below === undefined ? {} : shapeOf(below))
}

function keyOf(schema: z.ZodType, key: string): z.ZodType {
  return shapeOf(schema)[key]!
}

/** What a list holds; of a list or a number the list counts. */
function elementOf(schema: z.ZodType): z.ZodType {
  const inner = unwrapped(schema)
  const { options, element } = definitionOf(inner)
  const list = options?.map(unwrapped).find((option) => definitionOf(option).type === 'array')
  return element ?? (list === undefined ? inner : elementOf(list))
}

function faultRow(schema: (typeof FAULTS)[number]): string {
  const shared = ['fault', 'at', 'every', 'rate', 'from', 'until', 'on', 'share', 'pick', 'over', 'node', 'apart']
  const own = Object.entries<z.ZodType>(schema.shape).filter(([key, value]) => !shared.includes(key) || (key === 'node' && definitionOf(value).type === 'optional'))
  const keys = own.map(([key, value]) => `\`${key}\`${isOptional(value) ? `, ${leftOut(value)}` : ''}: ${formOf(value)}. ${descriptionOf(value)}`.trim())
  return `| \`${schema.shape.fault.value}\` | ${schema.description ?? ''} | ${keys.join('<br>')} |`
}

/** How a value is written. */
function formOf(schema: z.ZodType): string {
  const notation = notationOf(schema)
  if (notation !== undefined) return notation.name
  const inner = unwrapped(schema)
  const { type, entries, options = [], element, valueType, values } = definitionOf(inner)
  const own = notationOf(inner)
  if (own !== undefined) return own.name
  if (type === 'enum') return Object.values(entries ?? {}).length > 12 ? 'one of those below' : Object.values(entries ?? {}).map(code).join(', ')
  if (type === 'literal') return (values ?? []).map((value) => code(String(value))).join(', ')
  if (type === 'union') return [...new Set(options.map(formOf))].join(' or ')
  if (type === 'array') return `list of ${plural(formOf(element!))}`
  if (type === 'record') return `names and ${plural(formOf(valueType!))}`
  return { object: 'mapping', string: 'text', boolean: 'true or false', number: 'number' }[type] ?? type
}

function plural(form: string): string {
  return /^[a-z]+$/.test(form) && !form.endsWith('s') ? `${form}s` : form
}

/** The notation of a schema, or of what its wrappers hold. */
function notationOf(schema: z.ZodType): Notation | undefined {
  const { notation } = (schema.meta() ?? {}) as { notation?: Notation }
  const { innerType } = definitionOf(schema)
  return notation ?? (innerType === undefined ? undefined : notationOf(innerType))
}

function leftOut(schema: z.ZodType): string {
  return definitionOf(schema).type === 'optional' ? 'may be left out' : `${defaultOf(schema)} when left out`
}

function isOptional(schema: z.ZodType): boolean {
  return ['optional', 'default', 'prefault'].includes(definitionOf(schema).type)
}

function defaultOf(schema: z.ZodType): string {
  const { type, defaultValue, innerType, in: input } = definitionOf(schema)
  if (type === 'optional') return 'nothing'
  if (type === 'default' || type === 'prefault') return written(defaultValue, notationOf(schema)?.name)
  const inner = innerType ?? input
  return inner === undefined || type === 'union' ? 'required' : defaultOf(inner)
}

function written(value: unknown, notation: string | undefined): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : code(value.map((item) => plain(item, notation)).join(', '))
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return 'its defaults'
  return code(plain(value, notation))
}

function plain(value: unknown, notation: string | undefined): string {
  if (isRange(value)) return value.least === value.most ? plain(value.least, notation) : `${plain(value.least, notation)}..${plain(value.most, notation)}`
  if (typeof value === 'object' && value !== null) return `{ ${Object.entries(value).map(([key, inner]) => `${key}: ${plain(inner, undefined)}`).join(', ')} }`
  if (typeof value !== 'number') return String(value)
  if (notation === 'share') return `${value * 100} %`
  if (notation === 'rate') return `${value}/s`
  return notation === 'time' || notation === 'times' || notation === 'signed time' ? time(value) : String(value)
}

function isRange(value: unknown): value is { least: number; most: number } {
  return typeof value === 'object' && value !== null && 'least' in value && 'most' in value
}

function time(ms: number): string {
  return ms === 0 ? '0' : ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`
}

function descriptionOf(schema: z.ZodType): string {
  const { innerType, in: input } = definitionOf(schema)
  const inner = innerType ?? input
  return schema.description ?? (inner === undefined ? '' : descriptionOf(inner))
}

function presets(): string {
  const rows = Object.entries(PRESET_LINKS).map(([name, { model, drops, dropFor }]) => {
    const width = model.bandwidth === 0 ? 'unlimited' : `${model.bandwidth / 1_000_000} MB/s`
    const gone = drops === 0 ? 'never' : `${Math.round(drops * 3_600)}/h, for ${time(dropFor.least)}..${time(dropFor.most)}`
    return `| \`${name}\` | ${time(model.delayMs)} | ${time(model.delayP99Ms)} | ${width} | ${gone} |`
  })
  return ['| link | delay one way | 99th percentile | bandwidth each way | gone |', '|---|---|---|---|---|', ...rows].join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}
