import { Dialog } from '../ui/dialog.tsx'
import { keyLabel } from './key-label.ts'

const GROUPS: readonly { readonly title: string; readonly keys: readonly (readonly [key: string, does: string])[] }[] = [
  {
    title: 'Text',
    keys: [
      ['Mod-b', 'Bold'],
      ['Mod-i', 'Italic'],
      ['Mod-u', 'Underline'],
      ['Mod-Shift-x', 'Strike through'],
      ['Mod-e', 'Code'],
      ['Mod-k', 'Link'],
      ['Mod-Shift-k', 'Remove the link'],
    ],
  },
  {
    title: 'Paragraphs',
    keys: [
      ['Mod-Alt-1', 'Heading 1, 2, 3'],
      ['Mod-Alt-0', 'Plain text'],
      ['Mod-Shift-8', 'Bullet list'],
      ['Mod-Shift-7', 'Numbered list'],
      ['Mod-Shift-9', 'Check list'],
      ['Mod-Enter', 'Tick an item'],
      ['Mod-Shift-.', 'Quote'],
      ['Mod-Alt-c', 'Code block'],
      ['Mod-]', 'Move in (Tab in a list)'],
      ['Mod-[', 'Move out'],
      ['Shift-Enter', 'New line, same paragraph'],
    ],
  },
  {
    title: 'Everything',
    keys: [
      ['Mod-z', 'Undo your last edit'],
      ['Mod-Shift-z', 'Redo'],
      ['Mod-/', 'This help'],
    ],
  },
]

const TYPED = [
  ['#', 'heading'],
  ['-', 'bullet list'],
  ['1.', 'numbered list'],
  ['[]', 'check list'],
  ['>', 'quote'],
  ['```', 'code block'],
] as const

export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} wide>
      <div class="shortcuts">
        {GROUPS.map(({ title, keys }) => (
          <section key={title}>
            <h3 class="section">{title}</h3>
            <dl>
              {keys.map(([key, does]) => (
                <div key={key}>
                  <dt>{does}</dt>
                  <dd>
                    <kbd>{keyLabel(key)}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3 class="section">Typed at the start of a line, then a space</h3>
          <dl>
            {TYPED.map(([typed, makes]) => (
              <div key={typed}>
                <dt>{makes}</dt>
                <dd>
                  <kbd>{typed}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  )
}
