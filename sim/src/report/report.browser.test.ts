import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { problemsOf } from '../../../sdk/editor/test/support/accessibility.ts'
import { launch } from '../../../sdk/editor/test/support/people.ts'
import { madeUpPlan, madeUpResult } from './testing/made-up-result.ts'
import { renderReport } from './render-report.ts'

const failed = madeUpResult({ splitBrain: true })
const minimal = { plan: madeUpPlan({ editors: 2 }), result: madeUpResult({ editors: 2, splitBrain: true, traceLines: 30 }), story: ['n1 stops'], repro: 'npx concord sim replay small.json' }
const evil = '</script><script>window.pwned=1</script><img src=x onerror="window.pwned=1">'

let browser: Browser
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-report-'))
  browser = await launch()
})

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})

afterAll(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
})

interface Opened {
  readonly page: Page
  /** What the page complained about, and what it asked the network for. */
  readonly complaints: string[]
}

async function open(report: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const path = join(folder, 'report.html')
  await writeFile(path, report)
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })).newPage()
  const complaints: string[] = []
  const address = pathToFileURL(path).href
  page.on('pageerror', (error) => complaints.push(String(error.stack)))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('request', (request) => !request.url().startsWith(address) && !request.url().startsWith('data:') && complaints.push(`asked for ${request.url()}`))
  await page.goto(address)
  return { page, complaints }
}

/** How many different colours the plots show each: an empty canvas has one. Runs in the page. */
function coloursOfPlots(): number[] {
  return [...document.querySelectorAll<HTMLCanvasElement>('.plot canvas')].map((canvas) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
    const colours = new Set<number>()
    for (let i = 0; i < data.length; i += 4) colours.add((data[i]! << 24) | (data[i + 1]! << 16) | (data[i + 2]! << 8) | data[i + 3]!)
    return colours.size
  })
}

describe('a report in a browser', () => {
  test('draws its plots and its swimlanes, complains about nothing and asks the network for nothing', async () => {
    const { page, complaints } = await open(renderReport(failed, { minimal }))
    const colours = await page.evaluate(coloursOfPlots)
    expect(colours).toHaveLength(await page.locator('.plot').count())
    expect(colours.length).toBeGreaterThan(5)
    for (const one of colours) expect(one).toBeGreaterThan(5)
    await expect.poll(() => page.locator('#events .swim-svg .arrow').count()).toBeGreaterThan(10)
    expect(await page.locator('#minimal .swim-list li.violation').count()).toBe(1)
    expect(complaints).toEqual([])
  })

  test('shows the events before the violation at first, of those who are concerned alone', async () => {
    const { page } = await open(renderReport(failed))
    const list = page.locator('#events .swim-list')
    await expect.poll(() => list.locator('li').count()).toBeLessThan(60)
    expect(await list.locator('li').last().textContent()).toContain('Violation: n1 committed to notes')
    const lanes = (await list.locator('.lane').allTextContents()).join(' ')
    expect(lanes).toContain('editors/2')
    expect(lanes).not.toMatch(/editors\/[^2]/)
  })

  test('filters by word and by lane, and goes back to everyone', async () => {
    const { page } = await open(renderReport(failed))
    const events = page.locator('#events')
    await events.getByRole('searchbox').fill('believes in epoch 3')
    await expect.poll(() => events.locator('.swim-list li.event').count()).toBe(1)
    await events.getByRole('searchbox').fill('')
    await events.locator('.swim-picker summary').click()
    await events.getByRole('button', { name: 'Everyone' }).click()
    await expect.poll(() => events.locator('.lane').allTextContents().then((lanes) => lanes.some((lane) => lane.includes('editors/5')))).toBe(true)
    await events.getByRole('checkbox', { name: 'editors/5' }).check()
    const lanes = await events.locator('.lane').allTextContents()
    expect(lanes.filter((lane) => /editors\/[^5]/.test(lane))).toEqual([])
    expect(lanes.some((lane) => lane.includes('editors/5'))).toBe(true)
  })

  test('shows more on request, in smaller and larger lines', async () => {
    const { page } = await open(renderReport(failed))
    const events = page.locator('#events')
    const lines = await events.locator('.swim-list li').count()
    await events.getByRole('button', { name: 'Earlier' }).click()
    await expect.poll(() => events.locator('.swim-list li').count()).toBeGreaterThan(lines)
    const height = async (): Promise<number> => (await events.locator('.swim-list li').first().boundingBox())!.height
    const before = await height()
    await events.getByRole('button', { name: 'Larger lines' }).click()
    expect(await height()).toBeGreaterThan(before)
  })

  test('is read by keyboard: lines one by one, and the values of a plot', async () => {
    const { page } = await open(renderReport(failed))
    await page.locator('#events .swim-list li').first().focus()
    await page.keyboard.press('ArrowDown')
    const second = await page.locator('#events .swim-list li').nth(1).getAttribute('title')
    await expect.poll(() => page.locator('#events .swim-detail').textContent()).toBe(second)
    await page.locator('.plot').first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    await expect.poll(() => page.locator('.plot .u-legend .u-value').first().textContent()).toBe('5.0 s')
  })

  test('shows two owners at once above each other, and says so', async () => {
    const { page } = await open(renderReport(failed))
    const row = page.locator('.owner-row').filter({ hasText: 'notes' })
    const [first, second] = await Promise.all([0, 1].map(async (index) => (await row.locator('.bar').nth(index).boundingBox())!)) as [Box, Box]
    expect(second.y).toBeGreaterThanOrEqual(first.y + first.height)
    expect(second.x).toBeLessThan(first.x + first.width)
    const torn = (await row.locator('.torn').boundingBox())!
    expect(torn.x).toBeCloseTo(second.x, 0)
    expect(torn.x + torn.width).toBeCloseTo(first.x + first.width, 0)
    expect(await row.textContent()).toContain('two owners')
  })

  test('copies the command that repeats the run', async () => {
    const { page } = await open(renderReport(failed), { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.locator('header .copy').click()
    await expect.poll(() => page.locator('header .copy').textContent()).toMatch(/Copied|Selected/)
  })

  test('runs nothing of what people typed', async () => {
    const trace = failed.trace.map((line) => ({ ...line, what: line.what + evil }))
    const { page, complaints } = await open(renderReport({ ...failed, trace, because: evil, violations: failed.violations.map((violation) => ({ ...violation, message: violation.message + evil })) }))
    await expect.poll(() => page.locator('#events .swim-list li').count()).toBeGreaterThan(10)
    await page.locator('#events .swim-list li').first().focus()
    expect(await page.locator('#events .swim-detail').textContent()).toContain(evil)
    expect(await page.evaluate('window.pwned')).toBeUndefined()
    expect(await page.locator('img').count()).toBe(0)
    expect(complaints).toEqual([])
  })
})

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

describe.each([
  { what: 'light', options: {} },
  { what: 'dark', options: { colorScheme: 'dark' } },
  { what: 'on a phone', options: { viewport: { width: 360, height: 780 }, hasTouch: true } },
] as const)('a report, $what', ({ options }) => {
  test('is readable by everybody and never wider than the window', async () => {
    const { page } = await open(renderReport(failed, { minimal }), options)
    for (const details of await page.locator('details').all()) await details.evaluate((node) => ((node as HTMLDetailsElement).open = true))
    expect(await problemsOf(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  })
})
