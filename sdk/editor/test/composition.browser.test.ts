import type { Browser, CDPSession } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { agree, launch, Person } from './support/people.ts'
import { TestServer } from './support/server.ts'

let browser: Browser
let server: TestServer
let document: string
let ada: Person
let grace: Person
let input: CDPSession

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
  input = await ada.page.context().newCDPSession(ada.page)
  await ada.text.evaluate((root) => root.addEventListener('compositionend', () => (root.dataset['ended'] = String(Number(root.dataset['ended'] ?? 0) + 1))))
})

/** How often a composition ended: an editor that touches the text under an input method ends it. */
function ends(): Promise<number> {
  return ada.text.evaluate((root) => Number(root.dataset['ended'] ?? 0))
}

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})

async function compose(text: string): Promise<void> {
  await input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
}

async function commit(text: string): Promise<void> {
  await input.send('Input.insertText', { text })
}

test('a remote edit lands within the word that an input method composes: the composition goes on, and everybody agrees', async () => {
  await ada.toEnd()
  await ada.type('before after')
  await agree([ada, grace], server, document)
  await ada.press('ArrowLeft', 5)
  await ada.page.bringToFront()
  for (const step of ['n', 'ni', 'niha', 'nihao']) await compose(step)
  await expect.poll(() => grace.shown()).toBe('before nihaoafter')
  await grace.text.focus()
  await grace.press('Control+Home')
  await grace.press('ArrowRight', 9)
  await grace.type('XY')
  await expect.poll(() => server.text(document, 'ada')).toContain('XY')
  for (const step of ['nihaoma', 'nihaoma?']) await compose(step)
  expect(await ada.shown()).toBe('before nihaoma?after')
  expect(await ends()).toBe(0)
  await commit('你好吗')
  const text = await agree([ada, grace], server, document)
  expect(text).toContain('你好吗')
  expect(text.replace('XY', '')).toBe('before 你好吗after')
})

test('a remote edit elsewhere is seen while an input method composes', async () => {
  await ada.toEnd()
  await ada.type('first\nsecond')
  await agree([ada, grace], server, document)
  await compose('か')
  await grace.text.focus()
  await grace.press('Control+Home')
  await grace.type('remote ')
  await expect.poll(() => ada.shown()).toBe('remote first\nsecondか')
  await compose('かん')
  await compose('かんじ')
  expect(await ends()).toBe(0)
  await commit('漢字')
  expect(await agree([ada, grace], server, document)).toBe('remote first\nsecond漢字')
})

test('a composition that is given up leaves nothing behind', async () => {
  await ada.toEnd()
  await ada.type('text ')
  await compose('ab')
  await grace.toEnd()
  await grace.type('!')
  await compose('')
  await ada.page.keyboard.press('Escape')
  const text = await agree([ada, grace], server, document)
  expect(text).not.toContain('ab')
  expect(text).toContain('!')
})
