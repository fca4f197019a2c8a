import { editorsOfDocument } from '../../scenario/expand/workload.ts'
import { clientRandom } from './client-random.ts'

/** Stream of {@link clientRandom} that document sizes are drawn from. */
const SIZES = 0x5a5a

/** Which document each client has open, by the default distribution of editors per document. Neighbours share one. */
export function documentsOfClients(seed: number, clients: number): { readonly of: Int32Array; readonly count: number } {
  const of = new Int32Array(clients)
  let document = 0
  for (let first = 0; first < clients; document += 1) {
    const size = Math.min(editorsOfDocument(clientRandom(seed ^ SIZES, document, 0)), clients - first)
    of.fill(document, first, first + size)
    first += size
  }
  return { of, count: document }
}
