import type { Page } from 'playwright-core'

/**
 * What a person with a keyboard or a screen reader would stumble over: controls without a name, double ids, several main
 * parts, text with a contrast below 4.5 to 1 (WCAG 2.2, AA; 3 to 1 from 24 px, or bold from 18.66 px).
 */
export async function problemsOf(page: Page): Promise<string[]> {
  await page.evaluate(untilStill)
  return page.evaluate(findProblems)
}

/** Resolves when everything that fades or slides in has arrived: half-way the contrast is not the one people read. Runs in the page. */
async function untilStill(): Promise<void> {
  const ends = document.getAnimations().filter((animation) => Number.isFinite(Number(animation.effect?.getComputedTiming().endTime)))
  await Promise.allSettled(ends.map((animation) => animation.finished))
}

/** Runs in the page, so it must not use anything outside of itself. */
function findProblems(): string[] {
  const problems: string[] = []
  const visible = (node: Element): boolean => node.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  const top = document.querySelector('dialog[open]') ?? document.body
  const describe = (node: Element): string => `${node.tagName.toLowerCase()}.${node.className} "${node.textContent?.trim().slice(0, 30)}"`
  const named = (node: HTMLElement): boolean =>
    [node.getAttribute('aria-label'), node.title, node.textContent, (node as HTMLInputElement).labels?.[0]?.textContent].some((name) => (name ?? '').trim() !== '')
  for (const node of top.querySelectorAll<HTMLElement>('a, button, input, select, textarea, [role=button], [tabindex="0"]')) {
    if (visible(node) && !named(node)) problems.push(`no name: ${describe(node)}`)
  }
  for (const image of top.querySelectorAll('img')) if (!image.hasAttribute('alt')) problems.push(`no alt: ${describe(image)}`)
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) problems.push(`double id: ${id}`)
  if (document.querySelectorAll('main').length !== 1) problems.push(`${document.querySelectorAll('main').length} main parts`)
  if (document.documentElement.lang === '') problems.push('no language')

  const parse = (color: string): number[] => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!
    canvas.fillStyle = color
    canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
  }
  const ground = (node: Element | null): number[] => {
    const color = node === null ? [1, 1, 1, 1] : parse(getComputedStyle(node).backgroundColor)
    if (color[3]! >= 1) return color
    const below = ground(node!.parentElement)
    return color.slice(0, 3).map((part, index) => part * color[3]! + below[index]! * (1 - color[3]!))
  }
  const light = (color: number[]): number => {
    const [r, g, b] = color.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
  }
  for (const node of top.querySelectorAll('*')) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent!.trim() !== '')
    if (!own || !visible(node) || node.matches(':disabled, :disabled *, option, .sr') || node.closest('svg') !== null) continue
    const style = getComputedStyle(node)
    const [a, b] = [light(parse(style.color).slice(0, 3)), light(ground(node).slice(0, 3))].sort((x, y) => y - x) as [number, number]
    const contrast = (a + 0.05) / (b + 0.05)
    const size = parseFloat(style.fontSize)
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5
    if (contrast < needed) problems.push(`contrast ${contrast.toFixed(2)}: ${describe(node)}`)
  }
  return problems
}
