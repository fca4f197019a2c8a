import { setHeading, toggleCodeBlock, toggleQuote } from '@concord/prosemirror'
import type { Command, EditorState } from 'prosemirror-state'

const KINDS: readonly { readonly kind: string; readonly label: string; readonly command: Command }[] = [
  { kind: 'text', label: 'Text', command: setHeading(null) },
  { kind: 'h1', label: 'Heading 1', command: setHeading(1) },
  { kind: 'h2', label: 'Heading 2', command: setHeading(2) },
  { kind: 'h3', label: 'Heading 3', command: setHeading(3) },
  { kind: 'quote', label: 'Quote', command: toggleQuote },
  { kind: 'code', label: 'Code block', command: toggleCodeBlock },
]

/** What the paragraph is. */
export function BlockSelect({ state, run }: { readonly state: EditorState | undefined; readonly run: (command: Command) => void }) {
  const kind = kindOf(state)
  return (
    <select
      class="select block-select"
      aria-label="Kind of paragraph"
      title="Kind of paragraph"
      value={kind}
      disabled={state === undefined}
      onChange={(event) => {
        const chosen = KINDS.find((one) => one.kind === event.currentTarget.value)
        if (chosen !== undefined && chosen.kind !== kind) run(chosen.command)
      }}
    >
      {KINDS.map(({ kind: value, label }) => (
        <option value={value}>{label}</option>
      ))}
      {kind.startsWith('h') && !KINDS.some((one) => one.kind === kind) && <option value={kind}>Heading {kind.slice(1)}</option>}
    </select>
  )
}

function kindOf(state: EditorState | undefined): string {
  const { heading, quote, code } = state?.selection.$from.parent.attrs ?? {}
  if (typeof heading === 'number') return `h${heading}`
  return code != null ? 'code' : quote === true ? 'quote' : 'text'
}
