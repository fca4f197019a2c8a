import { importsOf, PARTS, partOf } from '../tidy/imports.ts'
import { isTest, type SourceFile } from '../tidy/source-file.ts'

/** Parts by the parts they import. */
export type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>

/** What the sources import, tests left out. */
export function importGraph(sources: readonly SourceFile[]): ImportGraph {
  const graph = new Map(PARTS.map(({ name }) => [name, new Set<string>()]))
  for (const file of sources) {
    const part = partOf(file.path)
    if (part === undefined || isTest(file.path)) continue
    for (const { target } of importsOf(file)) if (target !== part.name && graph.has(target)) graph.get(part.name)?.add(target)
  }
  return graph
}

/** The arrows that remain when every arrow that follows from others is left out, as lines of a mermaid graph. */
export function picture(graph: ImportGraph): string[] {
  const arrows = [...graph].flatMap(([from, targets]) => [...targets].map((to) => ({ from, to })))
  return arrows.filter(({ from, to }) => ![...(graph.get(from) ?? [])].some((via) => via !== to && reaches(graph, via, to))).map(({ from, to }) => `  ${from} --> ${to}`).sort()
}

function reaches(graph: ImportGraph, from: string, to: string): boolean {
  return from === to || [...(graph.get(from) ?? [])].some((next) => reaches(graph, next, to))
}

/** A way from a part back to itself, or nothing. */
export function findCycle(graph: ImportGraph): string[] {
  const onPath: string[] = []
  const search = (part: string): string[] => {
    if (onPath.includes(part)) return [...onPath.slice(onPath.indexOf(part)), part]
    onPath.push(part)
    for (const next of graph.get(part) ?? []) {
      const cycle = search(next)
      if (cycle.length > 0) return cycle
    }
    onPath.pop()
    return []
  }
  for (const part of graph.keys()) {
    const cycle = search(part)
    if (cycle.length > 0) return cycle
  }
  return []
}

const FENCE = /```mermaid\ngraph TD\n([\s\S]*?)```/

/** The arrows that a page draws. */
export function drawnArrows(markdown: string): string[] {
  return (FENCE.exec(markdown)?.[1] ?? '').split('\n').filter((line) => line !== '')
}

/** The page with its picture drawn again. */
export function redraw(markdown: string, arrows: readonly string[]): string {
  return markdown.replace(FENCE, () => `\`\`\`mermaid\ngraph TD\n${arrows.map((arrow) => `${arrow}\n`).join('')}\`\`\``)
}
