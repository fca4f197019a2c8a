import { type Client, type Document, type HandedBack, OperationBuilder, toDelta } from '@concord/client'
import { DocumentText } from '@concord/ot'
import { explain } from '../errors.ts'
import { hashOf } from '../route.ts'
import type { ShowToast } from '../ui/toasts.tsx'

/** The text as it would be with the edit that came back. */
export function handedBackText(back: HandedBack): string {
  return withEdit(back).toString()
}

/** Makes a new document of what came back. */
export async function keepAsCopy(client: Client, document: Document, back: HandedBack, toast: ShowToast): Promise<void> {
  try {
    const info = await client.documents.create({ title: `${document.status.title} (copy)`.slice(0, 200) })
    const copy = await client.open(info.name)
    copy.change(contentOf(withEdit(back)))
    await copy.saved()
    await copy.close()
    toast({ kind: 'success', title: 'Kept as a copy', actions: [{ label: 'Open it', run: () => (location.hash = hashOf({ kind: 'document', name: info.name })) }] })
  } catch (error) {
    const { title, advice } = explain(error)
    toast({ kind: 'danger', title, detail: advice, actions: [{ label: 'Download instead', run: () => download('edit.txt', handedBackText(back)) }] })
  }
}

/** Hands a text to the person as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  // The browser reads it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

function withEdit({ base, operation }: HandedBack): DocumentText {
  const text = base.snapshot()
  text.apply(operation)
  return text
}

function contentOf(text: DocumentText) {
  const builder = new OperationBuilder(0)
  for (const component of toDelta(text.content())) {
    if (!('insert' in component)) continue
    if (typeof component.insert === 'string') builder.insert(component.insert, component.attributes)
    else builder.insertEmbed(component.insert, component.attributes)
  }
  return builder.build()
}
