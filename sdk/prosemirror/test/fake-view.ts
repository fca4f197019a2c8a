import type { TimerHandle, Timers } from '@concord/runtime'
import type { EditorState, PluginView, Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { type CollaborativeDocument, concordPlugin, type ConcordPluginOptions, createState } from '../src/index.ts'

/** A view without a page: holds a state, tells plugins, and can be told that an input method is composing. */
export class FakeView {
  state: EditorState
  composing = false
  focused = true
  readonly timers = new ManualTimers()
  readonly repairs: string[] = []
  private readonly plugins: PluginView[]

  constructor(document: CollaborativeDocument, options: ConcordPluginOptions = {}) {
    const plugin = concordPlugin(document, { timers: this.timers, onRepair: (reason) => this.repairs.push(reason), ...options })
    this.state = createState(document, [plugin])
    this.plugins = [plugin.spec.view!(this as unknown as EditorView)]
  }

  dispatch(tr: Transaction): void {
    const before = this.state
    this.state = before.applyTransaction(tr).state
    for (const plugin of this.plugins) plugin.update?.(this as unknown as EditorView, before)
  }

  hasFocus(): boolean {
    return this.focused
  }

  destroy(): void {
    for (const plugin of this.plugins) plugin.destroy?.()
  }
}

/** Timers that run when told to. */
export class ManualTimers implements Timers {
  private queue: (() => void)[] = []

  set(_delayMs: number, callback: () => void): TimerHandle {
    this.queue.push(callback)
    return callback as unknown as TimerHandle
  }

  clear(timer: TimerHandle): void {
    this.queue = this.queue.filter((callback) => (callback as unknown) !== timer)
  }

  soon(callback: () => void): void {
    this.queue.push(callback)
  }

  /** Runs what is due now, once. */
  run(): void {
    const due = this.queue
    this.queue = []
    for (const callback of due) callback()
  }
}
