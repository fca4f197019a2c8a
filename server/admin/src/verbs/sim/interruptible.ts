const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Runs what can be ended early and keep what it has: the first Ctrl-C aborts, a second one ends the process as ever. */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController()
  const interrupt = (): void => abort.abort()
  for (const signal of SIGNALS) process.once(signal, interrupt)
  try {
    return await run(abort.signal)
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt)
  }
}
