import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { agree, launch, Person } from './support/people.ts'
import { TestServer } from './support/server.ts'

let browser: Browser
let server: TestServer
let document: string
let ada: Person
let grace: Person

beforeAll(async () => {
  browser = await launch()
  server = await TestServer.start(inject('page'))
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

beforeEach(async () => {
  document = await server.createDocument(['ada', 'grace'])
  ada = await Person.arrive(browser, server, 'Ada')
  grace = await Person.arrive(browser, server, 'Grace')
  await ada.open(document)
  await grace.open(document)
})

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})

async function write(text: string): Promise<void> {
  await ada.toEnd()
  await ada.type(text)
  await agree([ada, grace], server, document)
}

test('two people type at the same place: nothing is lost, and everybody sees one text', async () => {
  await write('|')
  for (const person of [ada, grace]) {
    await person.text.focus()
    await person.press('Control+Home')
  }
  await Promise.all([ada.type('aaaaaaaaaaaaaaaaaaaa'), grace.type('gggggggggggggggggggg')])
  const text = await agree([ada, grace], server, document)
  expect([...text].filter((letter) => letter === 'a')).toHaveLength(20)
  expect([...text].filter((letter) => letter === 'g')).toHaveLength(20)
  expect(text).toMatch(/^[ag]{40}\|$/)
})

test('two people begin in an empty document: one line, not two', async () => {
  await ada.text.focus()
  await grace.text.focus()
  await Promise.all([ada.type('left '), grace.type('right ')])
  const text = await agree([ada, grace], server, document)
  expect(text.split('\n')).toHaveLength(1)
  expect(text).toHaveLength(11)
})

test('one makes a word bold while the other deletes half of it', async () => {
  await write('keep remove keep')
  await ada.press('Home')
  await ada.press('ArrowRight', 5)
  for (let i = 0; i < 6; i++) await ada.press('Shift+ArrowRight')
  await grace.text.focus()
  await grace.press('Control+Home')
  await grace.press('ArrowRight', 8)
  for (let i = 0; i < 8; i++) await grace.press('Shift+ArrowRight')
  await Promise.all([ada.press('Control+b'), grace.press('Delete')])
  expect(await agree([ada, grace], server, document)).toBe('keep rem')
  expect(await grace.html()).toBe('<p>keep <strong>rem</strong></p>')
})

test('a caret in text that somebody deletes: what is typed on stands where the text was', async () => {
  await write('one two three')
  await grace.text.focus()
  await grace.press('Control+Home')
  await grace.press('ArrowRight', 6)
  await ada.press('Home')
  await ada.press('ArrowRight', 4)
  for (let i = 0; i < 4; i++) await ada.press('Shift+ArrowRight')
  await ada.press('Backspace')
  expect(await agree([ada, grace], server, document)).toBe('one three')
  await grace.type('TWO ')
  expect(await agree([ada, grace], server, document)).toBe('one TWO three')
})

test('headings, lists, marks, colours and links arrive as they were made', async () => {
  await ada.text.focus()
  await ada.type('# Title\n- one\ntwo')
  await ada.press('Tab')
  await ada.press('Enter')
  await ada.press('Enter')
  await ada.press('Enter')
  await ada.type('plain ')
  await ada.press('Control+i')
  await ada.type('slanted 😀')
  const text = await agree([ada, grace], server, document)
  expect(text).toBe('Title\none\ntwo\nplain slanted 😀')
  const html = await grace.html()
  expect(html).toContain('<h1>Title</h1>')
  expect(html).toContain('<p data-list="bullet" data-indent="1">two</p>')
  expect(html).toContain('<p>plain <em>slanted 😀</em></p>')
})

test('a script-like link of a peer is text on the page, and the dialog does not make one', async () => {
  await write('a link')
  await ada.press('Control+a')
  await ada.press('Control+k')
  await ada.page.getByLabel('Address').fill('javascript:alert(1)')
  expect(await ada.page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true)
  await ada.page.getByLabel('Address').fill('example.org/page')
  await ada.page.getByRole('button', { name: 'Apply' }).click()
  await agree([ada, grace], server, document)
  expect(await grace.html()).toContain('<a href="https://example.org/page" rel="noopener noreferrer nofollow" target="_blank">a link</a>')
})

test('undo takes back the own edit and leaves what others wrote', async () => {
  await write('base ')
  await ada.page.waitForTimeout(600)
  await ada.type('mine')
  await agree([ada, grace], server, document)
  await grace.toEnd()
  await grace.type(' yours')
  await agree([ada, grace], server, document)
  await ada.press('Control+z')
  expect(await agree([ada, grace], server, document)).toBe('base  yours')
  await ada.press('Control+Shift+z')
  expect(await agree([ada, grace], server, document)).toBe('base mine yours')
})

test('others are seen: avatar, name at the caret, selection', async () => {
  await write('look here')
  await ada.press('Shift+Home')
  await expect.poll(() => grace.page.locator('.concord-cursor').getAttribute('data-name')).toBe('Ada')
  await expect.poll(() => grace.page.locator('.concord-selection').count()).toBe(1)
  expect(await grace.page.getByRole('list', { name: 'Also here: Ada' }).count()).toBe(1)
  await ada.page.close()
  await expect.poll(() => grace.page.locator('.concord-cursor').count(), { timeout: 15_000 }).toBe(0)
})

test('five tabs of one person at once: all edit, all agree', async () => {
  const tabs = [ada]
  for (let i = 1; i < 5; i++) tabs.push(await Person.arrive(browser, server, 'Ada', {}, ada))
  for (const tab of tabs.slice(1)) await tab.open(document)
  // Everybody stands at one place before anybody types there: whoever came later could rightly stand within a word.
  for (const tab of tabs) {
    await tab.page.bringToFront()
    await tab.toEnd()
  }
  for (const [index, tab] of tabs.entries()) {
    await tab.page.bringToFront()
    await tab.type(`tab${index} `)
  }
  const text = await agree([...tabs, grace], server, document)
  for (let index = 0; index < 5; index++) expect(text).toContain(`tab${index} `)
})
