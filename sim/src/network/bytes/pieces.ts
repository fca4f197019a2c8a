import { type Carrier, RECORD_BYTES } from '../line.ts'

/**
 * Sends bytes cut into pieces of at most the model's size, each with a delay of its own: a message may come in parts.
 * Without such a size they are left whole, in records where sizes matter.
 */
export function sendPieces(bytes: Uint8Array, carrier: Carrier, arrive: (piece: Uint8Array) => void): void {
  const { model, random } = carrier.conditions
  if (model.sliceBytes === 0 && !carrier.counts) return carrier.send(() => arrive(bytes), bytes.length)
  for (let at = 0; at < bytes.length; ) {
    const piece = bytes.subarray(at, at + (model.sliceBytes === 0 ? RECORD_BYTES : 1 + random.below(model.sliceBytes)))
    carrier.send(() => arrive(piece), piece.length, model.sliceBytes > 0)
    at += piece.length
  }
}
