import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Seeded, testSeed } from '../testing/seeded.ts'
import { type OtOperation, type OtSnapshot, randomOp, type } from './ot-type.ts'

const seed = testSeed()

/** ot-fuzzer writes its state into the working directory and reads it from there: a folder of its own. */
function fuzz(iterations: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'concord-ot-fuzzer-'))
  const script = `
    import fuzzer from ${JSON.stringify(import.meta.resolve('ot-fuzzer'))}
    import { randomOp, type } from ${JSON.stringify(new URL('./ot-type.ts', import.meta.url).href)}
    fuzzer({ ...type }, (snapshot) => randomOp(snapshot, fuzzer.randomReal), ${iterations})`
  try {
    return execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, SEED: String(seed), SYNCFILE: 'fuzzercrash.data' } })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('ottypes', () => {
  test(`ot-fuzzer finds nothing, SEED=${seed}`, () => {
    expect(fuzz(300)).toContain('transforms:')
  })

  test('left inserts first, and a missing base length is no obstacle', () => {
    expect(type.transform([{ insert: 'a' }], [{ insert: 'b' }], 'left')).toEqual([{ insert: 'a' }])
    expect(type.transform([{ insert: 'a' }], [{ insert: 'b' }], 'right')).toEqual([{ retain: 1 }, { insert: 'a' }])
    expect(type.compose([{ insert: 'ab' }], [{ retain: 5 }, { delete: 2 }])).toEqual([{ insert: 'ab' }, { retain: 3 }, { delete: 2 }])
  })

  test('functions work unbound and are deaf to further arguments', () => {
    const { compose, apply, invert, makeInvertible } = type
    const operations: OtOperation[] = [[{ insert: 'a' }], [{ retain: 1 }, { insert: 'b' }], [{ delete: 1 }]]
    expect(operations.reduce(compose)).toEqual([{ insert: 'b' }])
    expect(operations.reduce<OtSnapshot>(apply, [])).toEqual([{ insert: 'b' }])
    expect([makeInvertible([{ delete: 1 }], [{ insert: 'x' }])].map(invert)).toEqual([[{ insert: 'x' }]])
  })

  test('an operation that was not made invertible says how to make it so', () => {
    expect(() => type.invert([{ delete: 1 }])).toThrow('makeInvertible')
  })

  test(`composed and inverted operations undo, CONCORD_SEED=${seed}`, () => {
    const random = new Seeded(seed)
    let snapshot = type.create('abc')
    for (let i = 0; i < 500; i++) {
      const [a, middle] = randomOp(snapshot, random.float)
      const [b, last] = randomOp(middle, random.float)
      const both = type.compose(type.makeInvertible(a, snapshot), type.makeInvertible(b, middle))
      const undo = type.invert(both)
      expect(type.apply(last, undo)).toEqual(snapshot)
      expect(type.apply(snapshot, type.invert(undo))).toEqual(last)
      expect(type.apply(snapshot, type.diff(snapshot, last))).toEqual(last)
      snapshot = last
    }
  })
})
