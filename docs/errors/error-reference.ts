import { ERROR_DOMAIN, REASONS } from '@concord/protocol'

/** One value of `concord.v1.Reason` with what its comment says. */
export interface DocumentedReason {
  readonly reason: string
  readonly number: number
  /** First word of the comment, as `NOT_FOUND`. */
  readonly code: string
  /** The rest of the comment: when it happens and what to do. */
  readonly text: string
}

const ADVICE = {
  retry: 'Call again with the same bytes, after `RetryInfo` or a growing delay.',
  refresh: 'Get a fresh token, then call again.',
  resync: 'Open the document again; nothing pending is lost.',
  stop: 'Do not repeat the call as it is: a person or a fix is needed.',
} as const

/** Reads the enum `Reason` of `error.proto`: every value but the unspecified one, with its comment. */
export function readReasons(proto: string): DocumentedReason[] {
  const values = proto.matchAll(/((?:^ *\/\/.*\n)+) *REASON_(\w+) = (\d+);/gm)
  return [...values].filter(([, , name]) => name !== 'UNSPECIFIED').map(([, comment = '', name = '', number]) => documented(comment, name, Number(number)))
}

function documented(comment: string, reason: string, number: number): DocumentedReason {
  const sentence = comment.replace(/^ *\/\/ ?/gm, '').trim().replaceAll('\n', ' ')
  const [, code = '', text = ''] = /^([A-Z_]+)\. (.*)$/.exec(sentence) ?? []
  return { reason, number, code, text }
}

/** The error reference, `docs/errors.md`. */
export function errorReference(reasons: readonly DocumentedReason[]): string {
  const rows = reasons.map(({ reason, code, text }) => `| \`${reason}\` | ${code} | ${adviceOf(reason)} | ${text} |`)
  return `# Errors

Every failed call carries a \`google.rpc.ErrorInfo\` with the domain \`${ERROR_DOMAIN}\` and one of these reasons; \`BadRequest\` names a wrong
field, \`RetryInfo\` says when to come back. The SDK hands the same reason and advice over as \`ConcordError\`.
\`make generate\` writes this page from \`proto/concord/v1/error.proto\` and the table in \`sdk/protocol/src/errors.ts\`.

| advice | what to do |
|---|---|
${Object.entries(ADVICE).map(([advice, text]) => `| ${advice} | ${text} |`).join('\n')}

| reason | code | advice | when, and what to do |
|---|---|---|---|
${rows.join('\n')}
`
}

function adviceOf(reason: string): string {
  return new Map<string, { readonly advice: string }>(Object.entries(REASONS)).get(reason)?.advice ?? ''
}
