import { expect, test } from 'vitest'
import { FrameWorks } from './frame-works.ts'

/** A frame of a type, with a body of so many bytes. */
function frame(type: number, length: number): Uint8Array {
  const bytes = new Uint8Array(9 + length).fill(1)
  bytes.set([length >> 16, (length >> 8) & 255, length & 255, type])
  return bytes
}

const SAID = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 12), frame(1, 70_000), frame(0, 300), frame(0, 0), frame(8, 4)])

test.each([1, 5, 9, 137, 1_000_000])('frames are told apart however they are cut, here into pieces of %i', (size) => {
  const works = new FrameWorks()
  const found = Array.from({ length: Math.ceil(SAID.length / size) }, (_, index) => works.push(SAID.subarray(index * size, (index + 1) * size))).flat()
  expect(found).toEqual(['frame', 'open', 'submit', 'frame', 'frame'])
})
