import type { Document, DocumentStatus } from '@concord/client'
import { indentBy, insertDivider, linkRange, redo, richTextSchema, setAlign, toggleList, undo } from '@concord/prosemirror'
import { toggleMark } from 'prosemirror-commands'
import type { Command, EditorState } from 'prosemirror-state'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon, type IconName } from '../ui/icon.tsx'
import { BlockSelect } from './block-select.tsx'
import { ColorPicker } from './color-picker.tsx'
import { keyLabel } from './key-label.ts'
import { LinkDialog } from './link-dialog.tsx'
import { type Editor, useEditorState } from './use-editor.ts'

interface ToolbarProps {
  readonly editor: Editor | undefined
  readonly status: DocumentStatus
  readonly document: Document
}

/** Everything that can be done to text, in one row; arrows move between the buttons. */
export function Toolbar({ editor, status, document }: ToolbarProps) {
  const state = useEditorState(editor)
  const [linking, setLinking] = useState(false)
  const bar = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (editor !== undefined) editor.onLink = () => setLinking(true)
  }, [editor])
  const run = (command: Command): void => {
    if (editor === undefined) return
    command(editor.view.state, editor.view.dispatch, editor.view)
    editor.focus()
  }
  const tool = (name: IconName, label: string, command: Command, pressed?: boolean, disabled = false) => (
    <Tool name={name} label={label} pressed={pressed} disabled={disabled || editor === undefined} onPress={() => run(command)} />
  )
  const mark = (name: IconName, label: string) => tool(name, label, toggleMark(richTextSchema.marks[name]!), hasMark(state, name))
  const { list, align } = state?.selection.$from.parent.attrs ?? {}
  return (
    <div class="toolbar" role="toolbar" aria-label="Formatting" aria-controls="text" ref={bar} onKeyDown={(event) => moveInToolbar(event, bar.current!)}>
      <div class="tools">
        {tool('undo', `Undo ${keyLabel('Mod-z')}`, undo(document), undefined, !status.canUndo)}
        {tool('redo', `Redo ${keyLabel('Mod-Shift-z')}`, redo(document), undefined, !status.canRedo)}
        <span class="rule" />
        <BlockSelect state={state} run={run} />
        <span class="rule" />
        {mark('bold', `Bold ${keyLabel('Mod-b')}`)}
        {mark('italic', `Italic ${keyLabel('Mod-i')}`)}
        {mark('underline', `Underline ${keyLabel('Mod-u')}`)}
        {mark('strike', `Strike through ${keyLabel('Mod-Shift-x')}`)}
        {mark('code', `Code ${keyLabel('Mod-e')}`)}
        <ColorPicker state={state} run={run} />
        <Tool name="link" label={`Link ${keyLabel('Mod-k')}`} pressed={state !== undefined && linkRange(state) !== undefined} disabled={editor === undefined} onPress={() => setLinking(true)} />
        <span class="rule" />
        {tool('bullet', `Bullet list ${keyLabel('Mod-Shift-8')}`, toggleList('bullet'), list === 'bullet')}
        {tool('ordered', `Numbered list ${keyLabel('Mod-Shift-7')}`, toggleList('ordered'), list === 'ordered')}
        {tool('check', `Check list ${keyLabel('Mod-Shift-9')}`, toggleList('check'), list === 'check')}
        {tool('outdent', `Move out ${keyLabel('Mod-[')}`, indentBy(-1))}
        {tool('indent', `Move in ${keyLabel('Mod-]')}`, indentBy(1))}
        <span class="rule" />
        {tool('left', 'Align left', setAlign(null), align === null)}
        {tool('center', 'Centre', setAlign('center'), align === 'center')}
        {tool('right', 'Align right', setAlign('right'), align === 'right')}
        {tool('divider', 'Dividing line', insertDivider)}
      </div>
      {linking && editor !== undefined && <LinkDialog editor={editor} onClose={() => setLinking(false)} />}
    </div>
  )
}

interface ToolProps {
  readonly name: IconName
  readonly label: string
  readonly pressed: boolean | undefined
  readonly disabled: boolean
  readonly onPress: () => void
}

/** A press must not take the selection out of the text. */
function Tool({ name, label, pressed, disabled, onPress }: ToolProps) {
  return (
    <button
      type="button"
      class={pressed === true ? 'tool pressed' : 'tool'}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      <Icon name={name} />
    </button>
  )
}

function hasMark(state: EditorState | undefined, name: string): boolean {
  if (state === undefined) return false
  const type = state.schema.marks[name]!
  const { from, to, empty, $from } = state.selection
  return empty ? type.isInSet(state.storedMarks ?? $from.marks()) !== undefined : state.doc.rangeHasMark(from, to, type)
}

function moveInToolbar(event: KeyboardEvent, bar: HTMLElement): void {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
  if ((event.target as HTMLElement).closest('.popover, select') !== null) return
  const tools = [...bar.querySelectorAll<HTMLElement>('.tools > button:not(:disabled), .tools > select, .tools > .color button.tool')]
  const at = tools.indexOf(document.activeElement as HTMLElement)
  tools[(at + (event.key === 'ArrowRight' ? 1 : tools.length - 1)) % tools.length]?.focus()
  event.preventDefault()
}
