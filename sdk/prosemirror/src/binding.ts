import { diff, equals, isEmpty, type Operation } from '@concord/ot'
import { systemRuntime, type TimerHandle, type Timers } from '@concord/runtime'
import { type EditorState, type Selection, TextSelection, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { applyOperation } from './apply-operation.ts'
import { type BindingMeta, bindingKey, type Unsent } from './binding-state.ts'
import type { ChangeOrigin, CollaborativeDocument, CollaborativePresence, TextChange } from './collaborative-document.ts'
import { cursorPosition, documentOf, flatContent, flatLength, flatPosition } from './flat-document.ts'
import type { FlatMapping } from './flat-mapping.ts'
import { localOperation } from './local-operation.ts'
import { movedSelection } from './moved-selection.ts'
import type { Region } from './partition.ts'
import { cursorDecorations, withoutTouching } from './remote-cursors.ts'
import { endOfChange } from './end-of-change.ts'
import { release, type Shadow, shareEdit, sharedLength, showChange, toSharedPosition, toShownPosition } from './shared-shadow.ts'

/** How often an edit that waits for the end of a composition is looked at, in milliseconds: engines end one without telling. */
const COMPOSITION_POLL_MS = 40

export interface BindingOptions {
  readonly presence?: CollaborativePresence | undefined
  /** False makes the editor read-only; asked at every transaction. Default: editable. */
  readonly editable?: (() => boolean) | undefined
  readonly timers?: Timers | undefined
  /** Called when editor and text were not the same and the editor was brought in line: a bug report. */
  readonly onRepair?: ((reason: string) => void) | undefined
}

/** What the binding needs of a view; a whole {@link EditorView} in a page. */
export type BoundView = Pick<EditorView, 'state' | 'dispatch' | 'composing' | 'hasFocus'>

/** Keeps one editor and one document the same, from the first update of its view to its end. */
export class Binding {
  private readonly view: BoundView
  private readonly document: CollaborativeDocument
  private readonly mapping: FlatMapping
  private readonly presence: CollaborativePresence | undefined
  private readonly timers: Timers
  private readonly onRepair: (reason: string) => void
  private readonly markSent: (unsent: Unsent) => boolean
  private readonly subscriptions: (() => void)[]
  private shadow: Shadow
  /** Operations given to the document whose change has not been heard yet. */
  private readonly own: Operation[] = []
  private selected: { readonly anchor: number; readonly head: number } | undefined
  private releaseTimer: TimerHandle | undefined
  /** False until the editor shows the document for the first time. */
  private adopted: boolean
  /** True while a change of others goes in: everybody carries our selection through it without being told. */
  private quiet = false
  private cursorsDue = false
  private checkDue = false
  private ended = false

  /** @param markSent tells the plugin's state that edits have been handed on; false when they had been before. */
  constructor(view: BoundView, document: CollaborativeDocument, mapping: FlatMapping, options: BindingOptions, markSent: (unsent: Unsent) => boolean) {
    this.view = view
    this.document = document
    this.mapping = mapping
    this.presence = options.presence
    this.timers = options.timers ?? systemRuntime.timers
    this.onRepair = options.onRepair ?? (() => {})
    this.markSent = markSent
    this.shadow = { open: this.textIsOpen(), held: undefined }
    this.subscriptions = [document.on('change', (change) => this.receive(change))]
    if (this.presence !== undefined) this.subscriptions.push(this.presence.on('change', () => this.cursorsSoon()))
    this.adopted = isEmpty(this.difference())
    // A plugin must not dispatch while the view is being made.
    if (!this.adopted) this.timers.soon(() => this.ended || this.adopt())
  }

  /** After every state of the view: hands on what was edited, and where the selection is. */
  update(_view: unknown, before: EditorState): void {
    this.share()
    if (!this.view.state.selection.eq(before.selection)) this.select()
  }

  /** The caret came into the text: others see it from now on, also when it goes elsewhere on the page. */
  focus(): void {
    this.select()
  }

  destroy(): void {
    this.ended = true
    for (const end of this.subscriptions) end()
    if (this.releaseTimer !== undefined) this.timers.clear(this.releaseTimer)
    this.presence?.set({ selection: null })
  }

  private share(): void {
    const unsent = bindingKey.getState(this.view.state)?.unsent
    if (unsent === undefined || !this.markSent(unsent) || !this.adopted) return
    const edit = localOperation(unsent.before, this.view.state.doc, unsent.spans, this.mapping)
    if (isEmpty(edit)) return
    const { shadow, operation } = shareEdit(this.shadow, edit, this.view.state.doc, this.mapping)
    this.shadow = shadow
    if (!isEmpty(operation)) this.submit(operation)
  }

  private submit(operation: Operation): void {
    this.own.push(operation)
    try {
      this.document.change(operation)
    } catch {
      // The document says why in its own events; here it is enough that the editor shows what the document holds.
      this.own.pop()
    }
    this.checkSoon()
  }

  private receive({ operation, origin }: TextChange): void {
    if (this.isOwn(operation, origin) || !this.adopted) return
    const { shadow, edit } = showChange(this.shadow, operation, this.view.state.doc, this.composing())
    this.apply(shadow, edit, origin)
    this.checkSoon()
  }

  private isOwn(operation: Operation, origin: ChangeOrigin): boolean {
    if (origin !== 'local') return false
    const index = this.own.findIndex((own) => own === operation || equals(own, operation))
    if (index < 0) return false
    this.own.splice(index, 1)
    return true
  }

  private apply(shadow: Shadow, edit: Operation, origin: ChangeOrigin): void {
    this.shadow = shadow
    if (shadow.held !== undefined) this.releaseLater()
    if (isEmpty(edit)) return
    const { tr } = this.view.state
    const moved = movedSelection(this.view)
    applyOperation(tr, edit, this.mapping)
    if (origin === 'local') {
      const end = cursorPosition(tr.doc, endOfChange(edit))
      tr.setSelection(TextSelection.near(tr.doc.resolve(end))).scrollIntoView()
    } else keepSelection(tr, moved ?? this.view.state.selection)
    this.quiet = origin !== 'local' && moved === undefined
    this.view.dispatch(tr.setMeta(bindingKey, { kind: 'shared' } satisfies BindingMeta).setMeta('addToHistory', false))
    this.quiet = false
    this.cursorsSoon()
  }

  /** The lines where an input method is composing, with the newlines on both sides: to touch one of those redraws the line. */
  private composing(): Region | undefined {
    if (!this.view.composing) return undefined
    const { doc, selection } = this.view.state
    const from = flatPosition(doc, selection.$from.start())
    return { from: Math.max(0, from - 1), to: Math.min(flatPosition(doc, selection.$to.end()) + 1, flatLength(doc) - (this.shadow.open ? 1 : 0)) }
  }

  private releaseLater(): void {
    if (this.releaseTimer !== undefined) return
    this.releaseTimer = this.timers.set(COMPOSITION_POLL_MS, () => {
      this.releaseTimer = undefined
      if (this.shadow.held === undefined) return
      const { shadow, edit } = release(this.shadow, this.view.state.doc, this.composing())
      this.apply(shadow, edit, 'remote')
    })
  }

  /** Tells others where the selection is, once per place. */
  private select(): void {
    if (this.presence === undefined || !(this.quiet ? this.selected !== undefined : this.view.hasFocus())) return
    const { doc, selection } = this.view.state
    const anchor = toSharedPosition(this.shadow, doc, flatPosition(doc, selection.anchor))
    const head = toSharedPosition(this.shadow, doc, flatPosition(doc, selection.head))
    if (this.selected?.anchor === anchor && this.selected.head === head) return
    this.selected = { anchor, head }
    if (!this.quiet) this.presence.set({ selection: this.selected })
  }

  /** Several events of one turn draw the cursors once, and never while a transaction is under way. */
  private cursorsSoon(): void {
    if (this.presence === undefined || this.cursorsDue) return
    this.cursorsDue = true
    this.timers.soon(() => {
      this.cursorsDue = false
      if (!this.ended) this.drawCursors()
    })
  }

  private drawCursors(): void {
    const { state } = this.view
    const fresh = cursorDecorations(state.doc, this.presence!.others, (position) => toShownPosition(this.shadow, position))
    const { $from, $to } = state.selection
    const kept = bindingKey.getState(state)!.cursors
    const cursors = this.view.composing ? withoutTouching(fresh, kept, state.doc, $from.start(), $to.end()) : fresh
    const { tr } = state
    const moved = movedSelection(this.view)
    if (moved !== undefined) tr.setSelection(moved)
    this.view.dispatch(tr.setMeta(bindingKey, { kind: 'cursors', cursors } satisfies BindingMeta).setMeta('addToHistory', false))
  }

  /** Once per turn, when all events of the turn have been heard: lengths must agree. */
  private checkSoon(): void {
    if (this.checkDue) return
    this.checkDue = true
    this.timers.soon(() => {
      this.checkDue = false
      if (this.ended || this.view.composing) return
      const shown = sharedLength(this.shadow, this.view.state.doc)
      if (shown !== this.document.text.length) this.repair(`the editor shows ${shown} units, the document has ${this.document.text.length}`)
    })
  }

  private repair(reason: string): void {
    this.own.length = 0
    this.adopt()
    this.onRepair(reason)
  }

  /** Makes the editor show the document, changing only what differs. */
  private adopt(): void {
    this.adopted = true
    this.apply({ open: this.textIsOpen(), held: undefined }, this.difference(), 'resync')
    this.cursorsSoon()
  }

  private difference(): Operation {
    const wanted = documentOf(this.document.text.runs(), this.mapping)
    return diff(flatContent(this.view.state.doc, this.mapping), flatContent(wanted, this.mapping))
  }

  private textIsOpen(): boolean {
    const { text } = this.document
    return text.slice(text.length - 1) !== '\n'
  }
}

/** The selection after somebody else's edit: an insert exactly at its edge stays outside, so that typing on goes on where it was. */
function keepSelection(tr: Transaction, selection: Selection): void {
  if (!(selection instanceof TextSelection)) return
  const { anchor, head, empty } = selection
  const [from, to] = empty ? [-1, -1] : [1, -1]
  const [a, h] = anchor <= head ? [from, to] : [to, from]
  const place = (position: number, bias: number) => tr.doc.resolve(tr.mapping.map(position, bias))
  tr.setSelection(TextSelection.between(place(anchor, a), place(head, h)))
}
