import { describe, expect, test } from 'vitest'
import { insert, many, op, REFUSED, remove, retain, set } from '../testing/refused.ts'
import { OPERATION_LIMITS } from './limits.ts'
import { validate } from './validate.ts'

describe('R19 validate', () => {
  test.each(REFUSED)('refuses %s', (_, operation, code, field) => {
    const found = validate(operation)
    expect({ code: found?.code, field: found?.field }).toEqual({ code, field })
    expect(found!.message).not.toBe('')
  })

  test('accepts everything at its limit', () => {
    const { attributesPerSet, attributeNameLength, attributeValueLength, insertedUnits, components } = OPERATION_LIMITS
    const full = many(attributesPerSet, (index) => [String(index).padStart(attributeNameLength, '0'), 'v'.repeat(attributeValueLength)] as const)
    expect(validate(op([set(1), insert(insertedUnits)], { text: 'a'.repeat(insertedUnits), attributes: [full] }))).toBeUndefined()
    expect(validate(op(many(components, (index) => (index % 2 === 0 ? retain(1) : remove(1))), { baseLength: components }))).toBeUndefined()
    expect(validate(op([retain(2 ** 30 - 2), remove(1)], { baseLength: 2 ** 30 - 1 }))).toBeUndefined()
  })

  test('accepts the empty operation: R14 is for the protocol to refuse', () => {
    expect(validate(op([]))).toBeUndefined()
  })
})
