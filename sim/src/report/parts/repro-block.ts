import { html, type Html } from './html.ts'

/** A command and a button that copies it. `what`: what the command repeats, for those who do not see the page. */
export function reproBlock(command: string, what: string): Html {
  return html`<div class="repro"><code>${command}</code><button type="button" class="copy" aria-label="Copy the command: ${what}">Copy</button></div>`
}
