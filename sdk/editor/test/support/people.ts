import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import type { TestServer } from './server.ts'

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** One Chromium; everybody gets a profile of their own. */
export async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: FLAGS })
}

/** Somebody at a browser, with what the page complained about. */
export class Person {
  readonly user: string
  readonly page: Page
  readonly complaints: string[] = []
  private readonly server: TestServer

  private constructor(user: string, page: Page, server: TestServer) {
    this.user = user
    this.page = page
    this.server = server
  }

  /** Signs in as `name` in a profile of its own, or in that of somebody else for a second tab. */
  static async arrive(browser: Browser, server: TestServer, name: string, options: BrowserContextOptions = {}, beside?: Person): Promise<Person> {
    const context = beside?.page.context() ?? (await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options }))
    const page = await context.newPage()
    const person = new Person(name.toLowerCase().replace(/[^a-z0-9]+/g, '-'), page, server)
    page.on('pageerror', (error) => person.complaints.push(String(error.stack)))
    page.on('console', (message) => {
      // A browser reports every refused connection by itself; losing the server is part of the tests.
      if (message.type() === 'error' && !/ERR_CONNECTION|ERR_SOCKET|WebSocket connection|Failed to load resource/.test(message.text())) person.complaints.push(message.text())
    })
    await page.addInitScript((identity) => sessionStorage.setItem('concord.identity', identity), JSON.stringify({ user: person.user, name }))
    return person
  }

  async open(document: string): Promise<void> {
    await this.page.goto(`${this.server.url}/#/${document}`)
    await this.text.waitFor()
  }

  get text() {
    return this.page.getByRole('textbox', { name: 'Text of the document' })
  }

  /** Puts the caret into the text, at its end. */
  async toEnd(): Promise<void> {
    await this.text.focus()
    await this.page.keyboard.press('Control+End')
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text)
  }

  async press(key: string, times = 1): Promise<void> {
    for (let i = 0; i < times; i++) await this.page.keyboard.press(key)
  }

  /** The text as it stands on the page, without other people's carets. */
  async shown(): Promise<string> {
    return this.text.evaluate((root) => {
      const copy = root.cloneNode(true) as HTMLElement
      for (const extra of copy.querySelectorAll('.concord-cursor, .ProseMirror-widget')) extra.remove()
      return [...copy.children].map((line) => line.textContent).join('\n')
    })
  }

  /** Paragraphs, marks and text, without other people's carets and selections. */
  async html(): Promise<string> {
    return this.text.evaluate((root) => {
      const copy = root.cloneNode(true) as HTMLElement
      for (const extra of copy.querySelectorAll('.concord-cursor, .ProseMirror-widget, .ProseMirror-trailingBreak, .ProseMirror-separator')) extra.remove()
      for (const selection of copy.querySelectorAll('.concord-selection')) selection.replaceWith(...selection.childNodes)
      copy.normalize()
      for (const line of copy.children) line.classList.remove('placeholder')
      return copy.innerHTML.replaceAll(' class=""', '').replaceAll(/ data-placeholder="[^"]*"/g, '')
    })
  }

  async status(): Promise<string | null> {
    return this.page.locator('.chip').getAttribute('data-status')
  }

  /** Everything made here is on the server's disk. */
  async saved(): Promise<void> {
    await expect.poll(() => this.status(), { timeout: 30_000 }).toBe('saved')
  }
}

/** All pages show one text, it is the server's, and nobody's page complained. Returns it. */
export async function agree(people: readonly Person[], server: TestServer, document: string): Promise<string> {
  for (const person of people) await person.saved()
  await expect
    .poll(
      async () => {
        const text = (await server.text(document, people[0]!.user)).replace(/\n$/, '')
        const shown = await Promise.all(people.map((person) => person.shown()))
        return shown.every((one) => one === text) ? 'agreed' : { server: text, shown }
      },
      { timeout: 20_000, interval: 100 },
    )
    .toBe('agreed')
  const html = await Promise.all(people.map((person) => person.html()))
  for (const one of html) expect(one).toBe(html[0])
  for (const person of people) expect(person.complaints, `${person.user}'s page`).toEqual([])
  return people[0]!.shown()
}
