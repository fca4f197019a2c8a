/** A token for a development identity of the server under measurement. */
export async function developmentToken(url: string, user: string): Promise<string> {
  const headers = { 'content-type': 'application/json', origin: url }
  const response = await fetch(`${url}/dev/token`, { method: 'POST', headers, body: JSON.stringify({ user }) })
  if (!response.ok) throw new Error(`no development token: ${response.status}`)
  return ((await response.json()) as { readonly token: string }).token
}

/** A unary call in Connect's JSON form. */
export async function call(url: string, token: string, method: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json', 'connect-protocol-version': '1', authorization: `Bearer ${token}` }
  const response = await fetch(`${url}/concord.v1.${method}`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${method}: ${await response.text()}`)
  return response.json()
}

/** Makes documents 0 to `count - 1`, a few at a time. */
export async function createDocuments(url: string, token: string, prefix: string, count: number): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await call(url, token, 'DocumentService/CreateDocument', { documentId: `${prefix}${next++}`, document: { type: 'text' } })
  }
  await Promise.all(Array.from({ length: 16 }, worker))
}
