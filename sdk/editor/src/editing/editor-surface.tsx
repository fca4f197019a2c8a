import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Editor } from './use-editor.ts'

/** The sheet of paper that the editor lives on. */
export function EditorSurface({ editor, title, readOnly }: { readonly editor: Editor | undefined; readonly title: string; readonly readOnly: boolean }) {
  const sheet = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (editor === undefined) return
    sheet.current!.append(editor.root)
    return () => editor.root.remove()
  }, [editor])
  useLayoutEffect(() => {
    // The view asks whether it may be edited when its state is set, and a role can change in between.
    editor?.view.updateState(editor.view.state)
    editor?.view.dom.setAttribute('aria-readonly', String(readOnly))
  }, [editor, readOnly])
  const focusBelow = (event: MouseEvent): void => {
    if (event.target === event.currentTarget || event.target === sheet.current) editor?.focus()
  }
  return (
    <main class="canvas" aria-label={title} onClick={focusBelow}>
      <div class="sheet" ref={sheet} />
    </main>
  )
}
