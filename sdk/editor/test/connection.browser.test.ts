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

test('offline, both write on; back online, both have everything', async () => {
  await ada.toEnd()
  await ada.type('shared ')
  await agree([ada, grace], server, document)
  await ada.page.getByRole('switch', { name: 'Work offline' }).click()
  await expect.poll(() => ada.status()).toBe('offline')
  await ada.toEnd()
  await ada.type('from the train ')
  await grace.toEnd()
  await grace.type('from the office ')
  await grace.saved()
  expect(await ada.shown()).toBe('shared from the train ')
  expect(await server.text(document, 'grace')).toContain('office')
  expect(await ada.page.locator('.chip').textContent()).toMatch(/edits? waits?/)
  await ada.page.getByRole('switch', { name: 'Work offline' }).click()
  const text = await agree([ada, grace], server, document)
  expect(text).toContain('from the train ')
  expect(text).toContain('from the office ')
})

test('the server is killed while both type, and comes back: nothing that was typed is missing', async () => {
  await ada.toEnd()
  await ada.type('start ')
  await agree([ada, grace], server, document)
  await grace.toEnd()
  const typing = Promise.all([ada.page.keyboard.type('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', { delay: 40 }), grace.page.keyboard.type('gggggggggggggggggggggggggggggg', { delay: 40 })])
  await ada.page.waitForTimeout(400)
  await server.kill()
  await typing
  await ada.type('while it was away ')
  await expect.poll(() => ada.status()).toBe('offline')
  await server.restart()
  const text = await agree([ada, grace], server, document)
  expect([...text].filter((letter) => letter === 'g')).toHaveLength(30)
  expect(text.replaceAll('g', '')).toBe(`start ${'a'.repeat(30)}while it was away `)
})
