import { expect, test } from 'vitest'
import { completeLink, isColor, isSafeLink } from './attribute-values.ts'

test('only pages and mail addresses are links', () => {
  for (const good of ['https://example.org', 'http://a.b/c?d#e', 'mailto:ada@example.org', 'HTTPS://EXAMPLE.ORG']) expect(isSafeLink(good), good).toBe(true)
  for (const bad of ['javascript:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', 'vbscript:x', '//example.org', 'https://a b', 'https://a\u0000', 'ftp://a', '', 7, null]) {
    expect(isSafeLink(bad), String(bad)).toBe(false)
  }
  expect(isSafeLink(`https://a.b/${'x'.repeat(2048)}`)).toBe(false)
})

test('what a person types as a target is completed', () => {
  expect(completeLink('example.org/page')).toBe('https://example.org/page')
  expect(completeLink(' ada@example.org ')).toBe('mailto:ada@example.org')
  expect(completeLink('http://plain')).toBe('http://plain')
  for (const bad of ['word', 'javascript:alert(1)', 'javascript:alert(1)//a.b', 'two words.org', '']) expect(completeLink(bad), bad).toBeUndefined()
})

test('colours are six lowercase digits', () => {
  expect([isColor('#00ff9a'), isColor('#00FF9A'), isColor('red'), isColor('#fff'), isColor('#000000;x'), isColor(3)]).toEqual([true, false, false, false, false, false])
})
