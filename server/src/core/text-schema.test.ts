import { readFileSync } from 'node:fs'
import { attributes, type AttributeValue, embed, type JsonValue, OperationBuilder } from '@concord/ot'
import { describe, expect, test } from 'vitest'
import { forbiddenContent, TEXT_ATTRIBUTES, TEXT_EMBEDS } from './text-schema.ts'

const styled = (name: string, value: AttributeValue) => new OperationBuilder(1).retain(1, attributes([[name, value]])).build()
const embedded = (type: string, data: JsonValue) => new OperationBuilder(0).insertEmbed(embed(type, data)).build()

describe('attributes', () => {
  test.each<[string, AttributeValue[], AttributeValue[]]>([
    ['bold', [true, null], [false, 1, 'true']],
    ['italic', [true, null], [false]],
    ['underline', [true, null], ['']],
    ['strike', [true, null], [0]],
    ['code', [true, null], ['js']],
    ['link', ['https://example.org/a?b=c#d', 'http://example.org', 'mailto:a@example.org', null], ['javascript:alert(1)', 'java\nscript:alert(1)', ' https://example.org', 'data:text/html,x', '//example.org', 'vbscript:x', true, `https://example.org/${'x'.repeat(2_048)}`]],
    ['color', ['#00ff7f', null], ['#00FF7F', 'red', '#fff', 'url(https://x)', '#00ff7f;']],
    ['heading', [1, 6, null], [0, 7, 1.5, '1', true]],
    ['list', ['bullet', 'ordered', 'check', null], ['dotted', true]],
    ['checked', [true, false, null], ['yes']],
    ['indent', [0, 1, 8, null], [-1, 9, 0.5]],
    ['quote', [true, null], [false]],
    ['code-block', [true, 'c++', null], [false, '', 'a b', '<script>']],
    ['align', ['left', 'center', 'right', 'justify', null], ['top', true]],
  ])('%s', (name, allowed, refused) => {
    for (const value of allowed) expect(forbiddenContent(styled(name, value)), String(value)).toBeUndefined()
    for (const value of refused) expect(forbiddenContent(styled(name, value)), String(value)).toMatchObject({ field: 'attributes[0]' })
  })

  test.each(['onclick', 'style', 'Bold', 'href', 'toString', 'hasOwnProperty'])('%s is not known', (name) => {
    expect(forbiddenContent(styled(name, true))).toMatchObject({ field: 'attributes[0]' })
  })
})

describe('embeds', () => {
  test.each<[string, JsonValue[], JsonValue[]]>([
    ['image', [{ src: 'https://example.org/a.png' }, { src: 'http://example.org/a.png', alt: 'a', width: 10, height: 20 }], [null, {}, { src: 'data:image/svg+xml,x' }, { src: 'mailto:a@example.org' }, { src: 'https://example.org', onerror: 'x' }, { src: 'https://example.org', width: 0 }]],
    ['mention', [{ user: 'ada', label: 'Ada' }], [{ user: 'ada' }, { user: 'ada', label: 'a\u202eb' }, { user: 1, label: 'x' }]],
    ['divider', [null, {}], [{ a: 1 }, 'x', []]],
    ['break', [null, {}], [{ a: 1 }]],
    ['iframe', [], [null, { src: 'https://example.org' }]],
  ])('%s', (type, allowed, refused) => {
    for (const data of allowed) expect(forbiddenContent(embedded(type, data)), JSON.stringify(data)).toBeUndefined()
    for (const data of refused) expect(forbiddenContent(embedded(type, data)), JSON.stringify(data)).toMatchObject({ field: 'embeds[0]' })
  })
})

test('docs/attributes.md names exactly what the server allows', () => {
  const page = readFileSync(new URL('../../../docs/attributes.md', import.meta.url), 'utf8')
  const named = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)
  expect(named.sort()).toEqual([...TEXT_ATTRIBUTES.keys(), ...TEXT_EMBEDS.keys()].sort())
})
