import { expect, test } from 'vitest'
import { messageLink } from '../message/message-link.ts'
import type { MakeLink } from '../network.ts'
import { testLink } from '../testing/link-suite.ts'
import { Scene } from '../testing/scene.ts'
import { bytesLink } from './bytes-link.ts'

testLink('bytes', bytesLink)

test.each([0, 7])('pieces of %i bytes: the same scene at levels message and bytes shows the same document', async (sliceBytes) => {
  const texts = await Promise.all([messageLink, bytesLink].map((make) => chorus(make, sliceBytes)))
  expect(texts[0]).toHaveLength(90)
  if (sliceBytes === 0) expect(texts[0]).toBe(texts[1])
  expect([...texts[0]!].sort()).toEqual([...texts[1]!].sort())
})

test('bytes are counted where they leave and where they arrive', async () => {
  const scene = new Scene({ make: bytesLink, model: { sliceBytes: 5 } })
  const [ada] = await scene.open('ada')
  ada!.document!.text.insert(0, 'x'.repeat(1_000))
  await scene.run(1_000)
  const lines = scene.trace.lines().map(({ from, what }) => `${from} ${what}`)
  const [, sent] = lines.find((line) => line.startsWith('ada submit'))?.match(/(\d+)$/) ?? []
  expect(Number(sent)).toBeGreaterThan(1_000)
  expect(Number(sent)).toBeLessThan(1_100)
  expect(lines.find((line) => line.startsWith('node-1 opened'))).toMatch(/ [1-9]\d*$/)
})

test('what no server takes ends the stream with the real refusal', async () => {
  const scene = new Scene({ make: bytesLink, model: { sliceBytes: 9 } })
  await scene.open('ada')
  const ends: string[] = []
  const channel = scene.actors[0]!.link.openSession({ document: 'nonsense', version: 0, epoch: 0, lastSeq: 0, sdk: 'test', features: [], snapshot: false, algorithms: [] }, { message: () => undefined, ended: ({ reason, field }) => ends.push(`${reason} ${field}`) })
  channel.send({ kind: 'progress', version: 1 })
  await scene.run(1_000)
  expect(ends).toEqual(['FIELD_INVALID document'])
})

/** Three people type at once, for a while. */
async function chorus(make: MakeLink, sliceBytes: number): Promise<string> {
  const scene = new Scene({ make, seed: 11, model: { delayMs: 40, delayP99Ms: 120, sliceBytes } })
  const actors = await scene.open('ada', 'bob', 'cyn')
  for (let n = 0; n < 90; n += 1) {
    const { document } = actors[n % 3]!
    document!.text.insert(n % (document!.text.length + 1), String.fromCharCode(97 + (n % 26)))
    await scene.run(20)
  }
  await scene.run(5_000)
  const texts = scene.texts()
  expect(texts).toHaveLength(1)
  return texts[0]!
}
