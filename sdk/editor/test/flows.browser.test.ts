import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { problemsOf } from './support/accessibility.ts'
import { agree, launch, Person } from './support/people.ts'
import { TestServer } from './support/server.ts'

let browser: Browser
let server: TestServer

beforeAll(async () => {
  browser = await launch()
  server = await TestServer.start(inject('page'))
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})

/** Name of what has the focus. */
function focused(person: Person): Promise<string> {
  return person.page.evaluate(() => {
    const node = globalThis.document.activeElement
    return node?.getAttribute('aria-label') ?? node?.querySelector('span')?.textContent ?? node?.textContent ?? ''
  })
}

test('a first visit: choose a name, create, title, share, open as the other, rename, delete', async () => {
  const context = await browser.newContext()
  const first = await context.newPage()
  await first.goto(server.url)
  await first.getByLabel('Your name').fill('Nora Flow')
  await first.getByRole('button', { name: 'Continue' }).click()
  await first.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  await first.getByRole('button', { name: 'New document' }).click()
  const title = first.getByRole('textbox', { name: 'Title' })
  await title.fill('Minutes')
  await title.press('Enter')
  await first.getByRole('button', { name: 'Share' }).click()
  await first.getByLabel('Name or user id').fill('Otto Other')
  await first.getByRole('button', { name: 'Invite' }).click()
  await first.getByLabel('Role of Otto Other').waitFor()
  await first.getByRole('button', { name: 'Done' }).click()
  const document = new URL(first.url()).hash.slice(2)

  const otto = await Person.arrive(browser, server, 'Otto Other')
  await otto.page.goto(server.url)
  await otto.page.getByRole('link', { name: /Minutes/ }).click()
  await otto.text.waitFor()
  await otto.toEnd()
  await otto.type('present: Otto')
  expect(await agree([otto], server, document)).toBe('present: Otto')
  await first.getByText('present: Otto').waitFor()

  await first.getByRole('link', { name: 'All documents' }).click()
  await first.getByRole('button', { name: 'Actions for Minutes' }).click()
  await first.getByRole('menuitem', { name: 'Rename' }).click()
  await first.getByRole('textbox', { name: 'Title' }).fill('Minutes of Monday')
  await first.getByRole('button', { name: 'Rename' }).click()
  await first.getByRole('link', { name: /Minutes of Monday/ }).waitFor()
  await expect.poll(() => otto.page.title()).toContain('Minutes of Monday')

  await first.getByRole('button', { name: 'Actions for Minutes of Monday' }).click()
  await first.getByRole('menuitem', { name: 'Delete' }).click()
  await first.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await first.getByRole('heading', { name: 'Nothing here yet' }).waitFor()
  await otto.page.getByRole('alertdialog').waitFor({ timeout: 15_000 })
  expect(otto.complaints).toEqual([])
})

test('the log panel shows every edit with version, author and notation, live, and marks its place in the text', async () => {
  const document = await server.createDocument(['ada', 'grace'])
  const ada = await Person.arrive(browser, server, 'Ada')
  const grace = await Person.arrive(browser, server, 'Grace')
  await ada.open(document)
  await grace.open(document)
  await grace.page.getByRole('button', { name: 'Operations', exact: true }).click()
  await ada.toEnd()
  await ada.type('x')
  await agree([ada, grace], server, document)
  const rows = grace.page.locator('.log-row')
  await expect.poll(() => rows.count()).toBe(1)
  expect(await rows.first().textContent()).toMatch(/^1Ada.*\+x$/)
  await rows.first().getByRole('button').click()
  await expect.poll(() => grace.page.locator('.flash').count()).toBe(1)
  expect(await grace.page.locator('.flash').textContent()).toBe('x')
  await grace.page.reload()
  await grace.text.waitFor()
  await expect.poll(() => rows.count()).toBe(1)
})

test('keyboard alone: from the top to the text, the toolbar by arrows, the menu, the help; the focus is always seen', async () => {
  const document = await server.createDocument(['ada'])
  const ada = await Person.arrive(browser, server, 'Ada')
  await ada.open(document)
  await ada.press('Tab')
  expect(await ada.page.evaluate(() => globalThis.document.activeElement?.textContent)).toContain('Skip to the text')
  await ada.press('Enter')
  expect(await ada.page.evaluate(() => globalThis.document.activeElement?.id)).toBe('text')
  await ada.type('word')
  await ada.press('Control+a')
  const bold = ada.page.getByRole('button', { name: /^Bold/ })
  await ada.page.getByRole('button', { name: /^Undo/ }).focus()
  for (let i = 0; i < 20 && !(await bold.evaluate((node) => node === globalThis.document.activeElement)); i++) {
    // A list of kinds takes arrows for itself: Tab leaves it.
    await ada.press((await ada.page.evaluate(() => globalThis.document.activeElement?.tagName)) === 'SELECT' ? 'Tab' : 'ArrowRight')
  }
  const outline = await bold.evaluate((node) => getComputedStyle(node).outlineStyle)
  expect(outline).toBe('solid')
  await ada.press('Enter')
  expect(await ada.html()).toBe('<p><strong>word</strong></p>')
  expect(await ada.page.evaluate(() => globalThis.document.activeElement?.id)).toBe('text')
  await ada.press('Control+/')
  await ada.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await ada.press('Escape')
  await expect.poll(() => ada.page.getByRole('dialog').count()).toBe(0)
  await ada.page.getByRole('button', { name: /^Account/ }).focus()
  await ada.press('Enter')
  await expect.poll(() => focused(ada)).toBe('Keyboard shortcuts')
  await ada.press('ArrowDown')
  await expect.poll(() => focused(ada)).toMatch(/theme$/)
  await ada.press('Escape')
  await expect.poll(() => focused(ada)).toContain('Account')
})

test('every page has names for its controls, one main part, no double ids, and enough contrast, light and dark', async () => {
  const document = await server.createDocument(['ada'], 'Contrast')
  for (const colorScheme of ['light', 'dark'] as const) {
    const ada = await Person.arrive(browser, server, 'Ada', { colorScheme })
    await ada.page.goto(server.url)
    await ada.page.getByRole('link', { name: /Contrast/ }).waitFor()
    expect(await problemsOf(ada.page), `list, ${colorScheme}`).toEqual([])
    await ada.open(document)
    await ada.toEnd()
    await ada.type('text')
    await ada.saved()
    await ada.page.getByRole('button', { name: 'Operations', exact: true }).click()
    await ada.page.locator('.log-row').first().waitFor()
    expect(await problemsOf(ada.page), `document, ${colorScheme}`).toEqual([])
    await ada.page.getByRole('button', { name: 'Share' }).click()
    await ada.page.getByLabel('Role of Ada').waitFor()
    expect(await problemsOf(ada.page), `share, ${colorScheme}`).toEqual([])
    expect(ada.complaints).toEqual([])
  }
})

test('phone: nothing is wider than the screen, the toolbar scrolls, the log is a sheet', async () => {
  const document = await server.createDocument(['ada'])
  const ada = await Person.arrive(browser, server, 'Ada', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
  await ada.open(document)
  await ada.toEnd()
  await ada.type('on the phone')
  await ada.page.getByRole('button', { name: 'Operations', exact: true }).click()
  await ada.page.locator('.log-row').first().waitFor()
  expect(await ada.page.evaluate(() => globalThis.document.documentElement.scrollWidth)).toBe(360)
  expect(await ada.page.locator('.tools').evaluate((tools) => tools.scrollWidth > tools.clientWidth)).toBe(true)
  const sheet = (await ada.page.getByRole('complementary').boundingBox())!
  expect([sheet.x, sheet.width]).toEqual([0, 360])
  expect(sheet.y).toBeGreaterThan(300)
  expect(await agree([ada], server, document)).toBe('on the phone')
})
