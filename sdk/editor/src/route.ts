/** Where the page is: `#/` lists documents, `#/documents/notes` opens one. */
export type Route = { readonly kind: 'list' } | { readonly kind: 'document'; readonly name: string }

/** Document ids as the server takes them. */
const DOCUMENT = /^#\/(documents\/[a-z0-9][a-z0-9_-]{0,63})$/

export function readRoute(hash: string): Route {
  const name = DOCUMENT.exec(hash)?.[1]
  return name === undefined ? { kind: 'list' } : { kind: 'document', name }
}

export function hashOf(route: Route): string {
  return route.kind === 'list' ? '#/' : `#/${route.name}`
}

export function go(route: Route): void {
  location.hash = hashOf(route)
}
