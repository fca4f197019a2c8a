import { OPERATION_LIMITS } from '@concord/ot'
import { LIMIT_PRESETS, LIMIT_RELATIONS, LIMITS } from '../../server/src/core/limits.ts'

const OPERATION_WORDS: Readonly<Record<keyof typeof OPERATION_LIMITS, string>> = {
  components: 'Numbers in the packed walk of one operation.',
  insertedUnits: 'Units of text and embeds that one operation inserts; more is a group of operations.',
  attributesPerSet: 'Attributes on one run.',
  attributeNameLength: 'Length of an attribute\'s name, and of an embed\'s type.',
  attributeValueLength: 'Length of an attribute that is text.',
  embedDataLength: 'Length of the data of one embed.',
}

/** The reference of limits, `docs/limits.md`. */
export function limitsReference(): string {
  const rows = Object.entries(LIMITS).map(([name, { default: value, unit, doc }]) => `| \`${name}\` | ${numeral(value)} | ${unit} | ${doc} |`)
  const operation = Object.entries(OPERATION_WORDS).map(([name, doc]) => `| \`${name}\` | ${numeral(OPERATION_LIMITS[name as keyof typeof OPERATION_LIMITS])} | ${doc} |`)
  const lifted = Object.entries(LIMIT_PRESETS.loadtest).map(([name, value]) => `\`${name}\` ${numeral(value)}`)
  return `# Limits

Everything has a limit. \`make generate\` writes this page from the table in \`server/src/core/limits.ts\`; the limits of connections and streams
are in \`server/src/rpc/edge-limits.ts\`. Operations above a rate wait, none is taken away (ADR 019).

## Documents, sessions, rates

| name | default | unit | meaning |
|---|---|---|---|
${rows.join('\n')}

The preset \`loadtest\` is for replays and benchmarks, printed at start and refused in production: ${lifted.join(', ')}.

A server whose limits contradict each other does not start:

${LIMIT_RELATIONS.map(({ why }) => `- ${why}`).join('\n')}

## One operation

The same in every SDK and on the server (R18, R19).

| name | most | meaning |
|---|---|---|
${operation.join('\n')}
`
}

function numeral(value: number): string {
  return value.toLocaleString('en-US')
}
