const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Does something in the last moment of this process, whatever ends it short of SIGKILL. @returns what calls it off */
export function onTheWayOut(last: () => void): () => void {
  const signalled = (signal: NodeJS.Signals): void => {
    last()
    process.exit(128 + (signal === 'SIGINT' ? 2 : signal === 'SIGHUP' ? 1 : 15))
  }
  process.on('exit', last)
  for (const signal of SIGNALS) process.on(signal, signalled)
  return () => {
    process.off('exit', last)
    for (const signal of SIGNALS) process.off(signal, signalled)
  }
}
