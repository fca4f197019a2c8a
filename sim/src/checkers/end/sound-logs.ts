import { checkerKind } from '../kit/checker-kind.ts'

/** Errors that a planned fault explains, or that another checker looks at more closely. */
const EXPLAINED: Readonly<Record<string, (kinds: ReadonlySet<string>) => boolean>> = {
  'a snapshot is bad and passed over': (kinds) => kinds.has('flip-bit'),
  'a client has another content than the log': () => true,
}

/** What an operator would be woken for. */
export const soundLogs = checkerKind('no internal faults', 'No server meets a state that it calls an error, but for damage that was planned.', (run) => {
  const kinds = new Set(run.plan.events.map(({ kind }) => kind))
  return {
    on: {
      logged: ({ level, message, cause }) => {
        if (level === 'error' && EXPLAINED[message]?.(kinds) !== true) run.violated(`a server logged an error: ${message}${cause === '' ? '' : ` (${cause.split('\n', 1)[0] ?? ''})`}`)
      },
    },
  }
})
