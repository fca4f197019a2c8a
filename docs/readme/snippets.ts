export interface Snippet {
  /** Language, as `sh`. */
  readonly language: string
  /** The second word after the fence: which scenario runs it. Snippets without one are not run. */
  readonly scenario: string
  readonly code: string
}

/** The fenced blocks of a page, in order. */
export function readSnippets(markdown: string): Snippet[] {
  const blocks = markdown.matchAll(/^```(\w+)(?: (\w+))?\n([\s\S]*?)^```$/gm)
  return [...blocks].map(([, language = '', scenario = '', code = '']) => ({ language, scenario, code }))
}
