import { createHash } from 'node:crypto'
import { pageAssets } from './page-assets.ts'
import { type Content, html, Html } from './html.ts'

export interface Page {
  readonly title: string
  /** Above everything: the answer. */
  readonly header: Content
  readonly sections: readonly Section[]
}

export interface Section {
  /** Anchor, unique in the page. */
  readonly id: string
  readonly heading: string
  readonly body: Content
}

/**
 * One self-contained file: styles, script and data inside, nothing loaded from anywhere. The content policy names the
 * script by its hash, so that no text in the page could run even if it were taken for markup.
 */
export function page({ title, header, sections }: Page): string {
  const { script, style } = pageAssets()
  const hash = createHash('sha256').update(script).digest('base64')
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'`
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the contents</a>
<header>${header}</header>
<nav aria-label="Parts of this page"><ul>${sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}</ul></nav>
<main id="main">
${sections.map(({ id, heading, body }) => html`<section id="${id}" aria-labelledby="${id}-heading"><h2 id="${id}-heading">${heading}</h2>\n${body}</section>\n`)}</main>
<script>${new Html(script)}</script>
</body>
</html>
`
  return document.markup
}
