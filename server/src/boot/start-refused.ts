/** The server cannot start as it is configured; the message tells the operator what to do. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
}

/** The sentence for a start that failed, when it is one of those an operator can do something about. */
export function startSentence(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.name === 'StartRefused' || error.name === 'DataFolderRefused' || error instanceof RangeError) return error.message
  const { code, address, port } = error as { readonly code?: string; readonly address?: string; readonly port?: number }
  if (code === 'EADDRINUSE') return `${address}:${port} is in use: stop what listens there, or choose another address with CONCORD_LISTEN`
  if (code === 'EACCES') return `${address === undefined ? error.message : `${address}:${port}`}: not allowed; choose a port above 1023 with CONCORD_LISTEN, or a folder you may write with CONCORD_DATA`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `this machine has no address ${address ?? ''}: correct CONCORD_LISTEN`
  return undefined
}
