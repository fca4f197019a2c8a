import type { Carrier } from '../line.ts'

/** Sends bytes cut into pieces of at most the model's size, each with a delay of its own: a message may come in parts. */
export function sendPieces(bytes: Uint8Array, carrier: Carrier, arrive: (piece: Uint8Array) => void): void {
  const { model, random } = carrier.conditions
  if (model.sliceBytes === 0) return carrier.send(() => arrive(bytes), bytes.length)
  for (let at = 0; at < bytes.length; ) {
    const piece = bytes.subarray(at, at + 1 + random.below(model.sliceBytes))
    carrier.send(() => arrive(piece), piece.length, true)
    at += piece.length
  }
}
