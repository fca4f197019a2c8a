import { expect, test } from 'vitest'
import { dataBlock, escapeText, html } from './html.ts'

test('html: what is put into a template is text, in contents and in attributes', () => {
  const typed = `</p><script>alert("1")</script>' onclick='x`
  expect(html`<p title="${typed}">${typed}</p>`.markup).toBe(`<p title="${escapeText(typed)}">${escapeText(typed)}</p>`)
  expect(escapeText(typed)).not.toMatch(/[<>"']/)
})

test('html: templates nest, lists stand in a row, nothing stays nothing', () => {
  expect(html`<ul>${['a', '<b>'].map((item) => html`<li>${item}</li>`)}${undefined}${false}${0}</ul>`.markup).toBe('<ul><li>a</li><li>&lt;b&gt;</li>0</ul>')
})

test('html: text that no file can hold is shown as a replacement character', () => {
  expect(escapeText('a\uD800b\0')).toBe('a\uFFFDb\uFFFD')
})

test('html: nothing in a data block ends it, and it reads back as it was', () => {
  const value = { text: '</script><!--<script>', list: [1, null] }
  const { markup } = dataBlock('plot', value)
  expect(markup.match(/<\/script/g)).toHaveLength(1)
  expect(markup).not.toContain('<!--')
  expect(JSON.parse(markup.replace(/^<[^>]*>|<[^>]*>$/g, ''))).toEqual(value)
})
