/** Checkers that need what only the simulator sees, and what that is: named in the report of a live run instead of passing. */
export const UNCHECKED: ReadonlyMap<string, string> = new Map([
  ['one writer', 'claims and appends of the store are not seen'],
  ['bounded buffers', 'how much waits inside the server is not seen'],
  ['counters', "the server's counters begin anew with its process"],
  ['no leaks', 'sessions inside the server are not seen'],
])
