import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
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

test('a viewer reads along and cannot type, by key, paste or drop; made an editor, they can', async () => {
  const document = await server.createDocument(['ada'])
  await server.grant(document, 'ada', 'vera', 'ROLE_VIEWER')
  const ada = await Person.arrive(browser, server, 'Ada')
  const vera = await Person.arrive(browser, server, 'Vera')
  await ada.open(document)
  await vera.open(document)
  await ada.toEnd()
  await ada.type('for reading')
  await agree([ada, vera], server, document)
  expect(await vera.text.getAttribute('contenteditable')).toBe('false')
  expect(await vera.text.getAttribute('aria-readonly')).toBe('true')
  expect(await vera.page.getByRole('toolbar').count()).toBe(0)
  expect(await vera.page.getByText('You can read this document').isVisible()).toBe(true)
  await vera.text.click()
  await vera.type('no')
  await vera.text.evaluate((root) => {
    const data = new DataTransfer()
    data.setData('text/plain', 'no')
    root.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    root.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true, clientX: 400, clientY: 250 }))
  })
  expect(await agree([ada, vera], server, document)).toBe('for reading')
  await server.grant(document, 'ada', 'vera', 'ROLE_EDITOR')
  await vera.page.getByRole('toolbar').waitFor()
  await vera.toEnd()
  await vera.type(' and writing')
  expect(await agree([ada, vera], server, document)).toBe('for reading and writing')
})

test('an editor whose role is taken away while writing is told, and keeps what is on the screen', async () => {
  const document = await server.createDocument(['ada', 'grace'])
  const grace = await Person.arrive(browser, server, 'Grace')
  await grace.open(document)
  await grace.toEnd()
  await grace.type('kept')
  await grace.saved()
  await server.grant(document, 'ada', 'grace', 'ROLE_VIEWER')
  await grace.page.getByText('You can only read now').waitFor({ timeout: 15_000 })
  await grace.type(' not this')
  expect(await grace.shown()).toBe('kept')
  expect(await server.text(document, 'ada')).toMatch(/^kept\n?$/)
})

test('R9 reject: what was written offline by somebody who may no longer write is handed back, and can be kept as a copy', async () => {
  const document = await server.createDocument(['ada', 'grace'], 'Ours')
  const grace = await Person.arrive(browser, server, 'Grace')
  await grace.open(document)
  await grace.toEnd()
  await grace.type('shared ')
  await grace.saved()
  await grace.page.getByRole('switch', { name: 'Work offline' }).click()
  await grace.toEnd()
  await grace.type('and mine')
  await server.grant(document, 'ada', 'grace', 'ROLE_VIEWER')
  await grace.page.getByRole('switch', { name: 'Work offline' }).click()
  await grace.page.getByText('An edit was refused').waitFor({ timeout: 15_000 })
  await expect.poll(() => grace.shown()).toBe('shared ')
  await grace.page.getByRole('button', { name: 'Keep as a copy' }).click()
  await grace.page.getByRole('button', { name: 'Open it' }).click()
  await expect.poll(() => grace.page.title()).toContain('Ours (copy)')
  const copy = new URL(grace.page.url()).hash.slice(2)
  expect(await agree([grace], server, copy)).toBe('shared and mine')
  expect(await server.text(document, 'ada')).toMatch(/^shared \n?$/)
})

test('a document deleted by its owner: who is in it is told, and may keep the text', async () => {
  const document = await server.createDocument(['ada', 'grace'], 'Doomed')
  const grace = await Person.arrive(browser, server, 'Grace')
  await grace.open(document)
  await grace.toEnd()
  await grace.type('last words')
  await grace.saved()
  await server.call('DocumentService/DeleteDocument', { name: document }, 'ada')
  const dialog = grace.page.getByRole('alertdialog')
  await dialog.waitFor({ timeout: 15_000 })
  const download = grace.page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Download the text' }).click()
  expect((await download).suggestedFilename()).toBe('Doomed.txt')
  await dialog.getByRole('button', { name: 'All documents' }).click()
  await grace.page.getByRole('heading', { name: 'Documents' }).waitFor()
})

test('a document that is not there says so and can be created at its address', async () => {
  const ada = await Person.arrive(browser, server, 'Ada')
  await ada.page.goto(`${server.url}/#/documents/brand-new`)
  await ada.page.getByRole('heading', { name: 'This document is not here' }).waitFor()
  await ada.page.getByRole('button', { name: 'Create it' }).click()
  await ada.text.waitFor()
  await ada.toEnd()
  await ada.type('here it is')
  expect(await agree([ada], server, 'documents/brand-new')).toBe('here it is')
})
