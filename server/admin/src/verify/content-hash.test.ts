import { readFileSync } from 'node:fs'
import { type DeltaComponent, fromDelta } from '@concord/ot'
import { operationToProto } from '@concord/protocol'
import { expect, test } from 'vitest'
import { NaiveDocument } from './naive-document.ts'
import { hex } from './verify-log.ts'

interface Vector {
  readonly name: string
  readonly content: DeltaComponent[]
  readonly hash: string
}

const vectors = JSON.parse(readFileSync(new URL('../../../../sdk/ot/vectors/hash.json', import.meta.url), 'utf8')) as Vector[]

test.each(vectors)('P3 content hash from its written definition: $name', ({ content, hash }) => {
  const document = new NaiveDocument()
  document.apply(operationToProto(fromDelta(0, content)))
  expect(hex(document.hash())).toBe(hash)
})
