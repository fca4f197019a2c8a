import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { applyNaively, describe as describeDocument } from '../testing/naive-document.ts'
import { type OperationVectors, operationVectors } from '../testing/operation-vectors.ts'
import { NO_LIMITS } from './limits.ts'
import { documentOf } from '../testing/generate.ts'
import { DocumentText, parse, type Operation, validate } from './index.ts'

const golden = <T extends keyof OperationVectors>(name: T): OperationVectors[T] =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../vectors/${name}.json`), 'utf8')) as OperationVectors[T]

const after = (content: Operation, ...operations: readonly Operation[]): string => describeDocument(operations.reduce(applyNaively, documentOf(content)), 'without keys')

describe('golden vectors', () => {
  for (const [name, vectors] of Object.entries(operationVectors())) {
    test(`${name}.json is what this implementation makes (else: write-operations.ts)`, () => {
      expect(golden(name as keyof OperationVectors)).toEqual(vectors)
    })
  }

  test('apply.json and invert.json hold on the document text', () => {
    for (const { content, operation, result } of golden('apply')) expect(after(content, operation)).toBe(after(result))
    for (const { content, operation, inverse } of golden('invert')) {
      expect(after(content, operation, inverse)).toBe(after(content))
      expect(DocumentText.from(content).invert(operation)).toEqual(inverse)
    }
  })

  test('every operation but those of validate.json is canonical', () => {
    for (const { left, right, left2, right2 } of golden('transform')) for (const each of [left, right, left2, right2]) expect(validate(each, NO_LIMITS)).toBeUndefined()
    for (const { composed } of golden('compose')) expect(validate(composed, NO_LIMITS)).toBeUndefined()
    for (const { line, operation } of golden('notation')) expect(parse(operation.baseLength, line)).toEqual(operation)
    expect(golden('validate').length).toBeGreaterThan(50)
  })
})
