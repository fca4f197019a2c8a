import type { CommittedText } from './sequencer.ts'

/**
 * Those who wait for a text that is in the log, all of it. The text runs ahead while operations are appended, so they are
 * served at the moment of a commit, before anything else happens to the document.
 */
export class TextWaiters {
  private waiting: ((text: CommittedText | undefined) => void)[] = []

  get isEmpty(): boolean {
    return this.waiting.length === 0
  }

  /** @param capture called in the moment the text is true; undefined when the document went away */
  add(capture: (text: CommittedText | undefined) => void): void {
    this.waiting.push(capture)
  }

  serve(text: CommittedText | undefined): void {
    const waiting = this.waiting
    this.waiting = []
    for (const capture of waiting) capture(text)
  }
}
