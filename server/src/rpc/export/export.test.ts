import { type Attributes, attributes, DocumentText, OperationBuilder } from '@concord/ot'
import { describe, expect, test } from 'vitest'
import { toHtml } from './html.ts'
import { toMarkdown } from './markdown.ts'

type Run = readonly [text: string, set?: Record<string, string | number | boolean>]

function rich(...runs: readonly Run[]): DocumentText {
  const builder = new OperationBuilder(0)
  for (const [text, set] of runs) builder.insert(text, set === undefined ? undefined : (attributes(set) as Attributes))
  return DocumentText.from(builder.build())
}

describe('HTML', () => {
  test('paragraphs, marks, lists, headings, quotes and code', () => {
    const text = rich(['Title'], ['\n', { heading: 2 }], ['plain '], ['bold', { bold: true, italic: true }], ['\n'], ['one'], ['\n', { list: 'bullet' }], ['two'], ['\n', { list: 'bullet' }], ['said'], ['\n', { quote: true }], ['x < 1'], ['\n', { 'code-block': true }], ['y'], ['\n', { 'code-block': true }], ['end'])
    expect(toHtml(text).replaceAll('\n', '')).toBe(
      '<h2>Title</h2><p>plain <strong><em>bold</em></strong></p><ul><li>one</li><li>two</li></ul><blockquote><p>said</p></blockquote><pre><code>x &lt; 1y</code></pre><p>end</p>',
    )
  })

  test('script tags are text, whatever carries them', () => {
    const script = '<script>alert(1)</script>'
    const html = toHtml(rich([script, { link: 'https://x.example/"><script>' }], ['\n', { heading: 1 }], [script], ['\n', { 'code-block': true }], [`"'&`]))
    expect(html).not.toMatch(/<script/i)
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(html).toContain('href="https://x.example/&quot;&gt;&lt;script&gt;"')
    expect(html).toContain('&quot;&#39;&amp;')
  })

  test.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\tscript:alert(1)', 'data:text/html,<script>1</script>', 'vbscript:x', '//evil.example', 'https://a b', 'file:///etc/passwd'])('the link %j is left out, its text stays', (link) => {
    expect(toHtml(rich(['here', { link }], ['\n']))).toBe('<p>here</p>')
    expect(toMarkdown(rich(['here', { link }], ['\n']))).toBe('here\n')
  })

  test('colours and styles hold what they should and nothing else', () => {
    expect(toHtml(rich(['x', { color: '#aabbcc' }], ['\n', { align: 'center', indent: 2 }]))).toBe('<p style="text-align: center; margin-left: 4em"><span style="color: #aabbcc">x</span></p>')
    expect(toHtml(rich(['x', { color: 'red;background:url(x)' }], ['\n', { align: 'left"onload="x', indent: 1e9 }]))).toBe('<p>x</p>')
  })

  test('embeds: an image of the web, a name for everything else', () => {
    const embed = (type: string, data: string): string => toHtml(DocumentText.from(new OperationBuilder(0).insertEmbed({ type, data }).build()))
    expect(embed('image', '{"alt":"<b>","src":"https://x.example/a.png"}')).toBe('<p><img src="https://x.example/a.png" alt="&lt;b&gt;"></p>')
    expect(embed('image', '{"src":"javascript:x"}')).toBe('<p><span>[image]</span></p>')
    expect(embed('mention', '{"label":"Ada"}')).toBe('<p><span>[Ada]</span></p>')
  })

  test('empty and unknown', () => {
    expect(toHtml(DocumentText.empty())).toBe('')
    expect(toHtml(rich(['a\n\nb', { sparkle: true }]))).toBe('<p>a</p>\n<p><br></p>\n<p>b</p>')
  })
})

describe('Markdown', () => {
  test('paragraphs, marks, lists, headings, quotes and code', () => {
    const text = rich(['Title'], ['\n', { heading: 2 }], ['a '], ['b ', { bold: true }], ['c', { code: true }], ['\n'], ['one'], ['\n', { list: 'ordered' }], ['deep'], ['\n', { list: 'ordered', indent: 1 }], ['two'], ['\n', { list: 'ordered' }], ['done'], ['\n', { list: 'check', checked: true }], ['said'], ['\n', { quote: true }], ['x'], ['\n', { 'code-block': true }], ['end', { link: 'https://x.example/(a)' }])
    expect(toMarkdown(text)).toBe('## Title\n\na **b** `c`\n\n1. one\n   1. deep\n2. two\n- [x] done\n\n> said\n\n```\nx\n```\n\n[end](<https://x.example/(a)>)\n')
  })

  test('what means something in Markdown or HTML is escaped', () => {
    expect(toMarkdown(rich(['# no *star* _x_ `y` [z](w) <b>&amp;\n1. a\n- b\n']))).toBe('\\# no \\*star\\* \\_x\\_ \\`y\\` \\[z\\](w) &lt;b\\>&amp;amp;\n\n1\\. a\n\n\\- b\n')
    expect(toMarkdown(rich(['<script>alert(1)</script>\n']))).not.toContain('<script')
  })

  test('code keeps its backticks and cannot leave its fence', () => {
    expect(toMarkdown(rich(['a`b', { code: true }], ['\n']))).toBe('``a`b``\n')
    expect(toMarkdown(rich(['```'], ['\n', { 'code-block': true }], ['<script>'], ['\n', { 'code-block': true }]))).toBe('```\n\u200b```\n<script>\n```\n')
  })
})
