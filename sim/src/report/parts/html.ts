/**
 * Markup that may stand in a page. Everything else that is put into a template is text and escaped: what people type in
 * documents is in traces, and traces are in reports.
 */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

/** `undefined` and `false` leave nothing behind, lists stand one after the other. */
export type Content = Html | string | number | undefined | false | readonly Content[]

/** A template whose values are escaped, unless they are made by this function themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.map((part, index) => (index === 0 ? part : markup(values[index - 1]) + part)).join(''))
}

function markup(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Html) return content.markup
  return Array.isArray(content) ? content.map(markup).join('') : escapeText(String(content))
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text that means itself in markup and in quoted attributes. Lone surrogates, which no file can hold, become U+FFFD. */
export function escapeText(text: string): string {
  return text.toWellFormed().replace(/[&<>"']/g, (character) => ESCAPES[character]!).replaceAll('\0', '\uFFFD')
}

/** A value that a script of the page reads. Nothing in it can end the element that holds it. */
export function dataBlock(kind: string, value: unknown): Html {
  const json = JSON.stringify(value).toWellFormed().replaceAll('<', '\\u003c')
  return new Html(`<script type="application/json" data-${kind}>${json}</script>`)
}
