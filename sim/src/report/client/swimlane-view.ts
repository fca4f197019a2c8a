import type { SwimlaneData } from '../parts/swimlane-data.ts'
import { element, readData } from './dom.ts'
import { drawHeads, drawLanes } from './swimlane-drawing.ts'
import { chosenLines, columnsOf, type Line } from './swimlane-rows.ts'

/** Lines that are drawn at first, and that each press of a button adds. */
const FIRST = 40
const MORE = 60
const ROW_HEIGHTS = [14, 22, 30]

/** The swimlane: arrows at the left, the same lines in words at the right, and a panel that shows one of them in full. */
export class SwimlaneView {
  readonly #data: SwimlaneData
  readonly #label: string
  readonly #body = element('div', { class: 'swim-body' })
  readonly #detail = element('p', { class: 'swim-detail', 'aria-live': 'polite' })
  readonly #status = element('span', { class: 'swim-status', role: 'status' })
  readonly #earlier = element('button', { type: 'button' }, 'Earlier')
  readonly #later = element('button', { type: 'button' }, 'Later')
  readonly #chosen = new Set<number>()
  #text = ''
  #zoom = 1
  #lines: readonly Line[] = []
  #from = 0
  #to = 0

  constructor(host: HTMLElement) {
    this.#data = readData<SwimlaneData>(host, 'swimlane')
    this.#label = host.dataset['label'] ?? 'Events'
    host.append(this.#controls(), this.#body, this.#detail)
    if (this.#data.concerned.length > 0) this.#data.concerned.forEach((lane) => this.#chosen.add(lane))
    this.#body.addEventListener('keydown', (event) => this.#key(event))
    this.#body.addEventListener('focusin', (event) => this.#explain(event.target as HTMLElement))
    this.#body.addEventListener('click', (event) => (event.target as HTMLElement).closest('li')?.focus())
    this.#choose()
  }

  /** Draws what is chosen now. */
  render(): void {
    const lines = this.#lines.slice(this.#from, this.#to)
    const narrow = innerWidth < 640
    const { columns, others } = columnsOf(lines, narrow ? 6 : 12, this.#data.concerned)
    const height = ROW_HEIGHTS[this.#zoom]!
    const drawing = { data: this.#data, lines, columns, others, height, width: narrow ? 22 : 38 }
    const list = element('ol', { class: 'swim-list', 'aria-label': this.#label, style: `--row:${height}px` }, ...lines.map((line, index) => this.#item(line, index === 0)))
    const corner = element('div', { class: 'swim-top', 'aria-hidden': 'true' }, element('span', {}, 'seconds'))
    this.#body.replaceChildren(element('div', { class: 'swim-lanes' }, drawHeads(drawing), drawLanes(drawing)), element('div', {}, corner, list))
    this.#body.style.setProperty('--lanes', `${(columns.length + (others > 0 ? 1 : 0)) * drawing.width}px`)
    this.#earlier.disabled = this.#from === 0
    this.#later.disabled = this.#to === this.#lines.length
    this.#status.textContent = `${lines.length} of ${this.#lines.length} lines`
  }

  #item(line: Line, first: boolean): HTMLLIElement {
    const item = element('li', { tabindex: first ? '0' : '-1', class: line.kind, title: this.#words(line) })
    if (line.kind === 'violation') item.append(element('span', { class: 'when' }, seconds(line.at)), element('strong', {}, `Violation: ${line.message}`))
    else item.append(element('span', { class: 'when' }, seconds(line.row[1])), element('span', { class: 'lane' }, this.#who(line)), element('span', { class: 'what' }, line.row[4]))
    return item
  }

  #who(line: Line): string {
    if (line.kind === 'violation') return ''
    const [, , from, to] = line.row
    return [from, to].flatMap((lane) => this.#data.lanes[lane]?.name ?? []).join(' → ')
  }

  #words(line: Line): string {
    return line.kind === 'violation' ? `${seconds(line.at)} s: violation: ${line.message}` : `${seconds(line.row[1])} s, event ${line.row[0]}, ${this.#who(line)}: ${line.row[4]}`
  }

  #explain(target: HTMLElement): void {
    const item = target.closest('li')
    if (item === null) return
    for (const other of this.#body.querySelectorAll('li[tabindex="0"]')) other.setAttribute('tabindex', '-1')
    item.setAttribute('tabindex', '0')
    this.#detail.textContent = item.title
  }

  #key(event: KeyboardEvent): void {
    const item = (event.target as HTMLElement).closest('li')
    const next = event.key === 'ArrowDown' ? item?.nextElementSibling : event.key === 'ArrowUp' ? item?.previousElementSibling : undefined
    if (!(next instanceof HTMLElement)) return
    event.preventDefault()
    next.focus()
  }

  /** Filters anew and stands at the violation, or at the end. */
  #choose(): void {
    this.#lines = chosenLines(this.#data, { lanes: this.#chosen, text: this.#text })
    const violation = this.#lines.findIndex(({ kind }) => kind === 'violation')
    const anchor = violation < 0 ? this.#lines.length : violation + 1
    this.#from = Math.max(0, anchor - FIRST)
    this.#to = Math.min(this.#lines.length, anchor + 8)
    this.render()
    this.#body.scrollTop = this.#body.scrollHeight
  }

  #controls(): HTMLElement {
    const search = element('input', { type: 'search', placeholder: 'Filter by word', 'aria-label': 'Filter events by word' })
    search.addEventListener('input', () => ((this.#text = search.value), this.#choose()))
    this.#earlier.addEventListener('click', () => this.#move(() => (this.#from = Math.max(0, this.#from - MORE))))
    this.#later.addEventListener('click', () => this.#move(() => (this.#to = Math.min(this.#lines.length, this.#to + MORE))))
    const zoom = (by: number): void => ((this.#zoom = Math.min(Math.max(this.#zoom + by, 0), ROW_HEIGHTS.length - 1)), this.render())
    const smaller = element('button', { type: 'button', 'aria-label': 'Smaller lines' }, '−')
    const larger = element('button', { type: 'button', 'aria-label': 'Larger lines' }, '+')
    smaller.addEventListener('click', () => zoom(-1))
    larger.addEventListener('click', () => zoom(1))
    const start = element('button', { type: 'button' }, this.#data.violation === undefined ? 'To the end' : 'To the violation')
    start.addEventListener('click', () => this.#choose())
    return element('div', { class: 'swim-controls' }, search, this.#lanePicker(), this.#earlier, this.#later, start, smaller, larger, this.#status)
  }

  /** Keeps what is on the screen where it is while lines are added above. */
  #move(change: () => void): void {
    const below = this.#body.scrollHeight - this.#body.scrollTop
    const earlier = this.#from
    change()
    this.render()
    if (this.#from < earlier) this.#body.scrollTop = this.#body.scrollHeight - below
  }

  #lanePicker(): HTMLElement {
    const summary = element('summary', {}, 'Lanes')
    const everyone = element('button', { type: 'button' }, 'Everyone')
    const boxes = this.#data.lanes.map(({ name }, lane) => {
      const box = element('input', { type: 'checkbox' })
      box.checked = this.#data.concerned.includes(lane)
      box.addEventListener('change', () => (box.checked ? this.#chosen.add(lane) : this.#chosen.delete(lane), count(), this.#choose()))
      return { box, label: element('label', {}, box, ` ${name}`) }
    })
    const count = (): void => void (summary.textContent = this.#chosen.size === 0 ? 'Lanes: everyone' : `Lanes: ${this.#chosen.size} of ${boxes.length}`)
    everyone.addEventListener('click', () => {
      this.#chosen.clear()
      for (const { box } of boxes) box.checked = false
      count()
      this.#choose()
    })
    summary.textContent = this.#data.concerned.length === 0 ? 'Lanes: everyone' : `Lanes: ${this.#data.concerned.length} of ${boxes.length}`
    return element('details', { class: 'swim-picker' }, summary, element('div', {}, everyone, ...boxes.map(({ label }) => label)))
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}
