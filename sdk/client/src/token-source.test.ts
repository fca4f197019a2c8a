import { expect, test } from 'vitest'
import { settle, VirtualRuntime } from '../test/virtual-runtime.ts'
import { TokenSource } from './token-source.ts'

function jwt(expiresAtMs: number): string {
  return `h.${btoa(JSON.stringify({ exp: expiresAtMs / 1_000 }))}.s`
}

test('a token is kept, and renewed a minute before it expires', async () => {
  const runtime = new VirtualRuntime()
  const renewed: string[] = []
  let asked = 0
  const source = new TokenSource(async () => (asked++, jwt(runtime.clock.now() + 900_000)), runtime, (token) => renewed.push(token))
  const first = await source.get()
  expect(await source.get()).toBe(first)
  await runtime.advance(839_000)
  expect(asked).toBe(1)
  await runtime.advance(2_000)
  expect(asked).toBe(2)
  expect(renewed).toEqual([await source.get()])
})

test('a refused token is asked for again', async () => {
  const tokens = ['one', 'two']
  const source = new TokenSource(async () => tokens.shift()!, new VirtualRuntime(), () => {})
  expect(await source.get()).toBe('one')
  source.invalidate()
  expect(await source.get()).toBe('two')
})

test('a callback that fails is asked again next time', async () => {
  let asked = 0
  const source = new TokenSource(async () => (asked++ === 0 ? Promise.reject(new Error('no network')) : 'token'), new VirtualRuntime(), () => {})
  await expect(source.get()).rejects.toThrow('no network')
  expect(await source.get()).toBe('token')
})

test('many who ask at once cause one call', async () => {
  let asked = 0
  const source = new TokenSource(async () => (asked++, 'token'), new VirtualRuntime(), () => {})
  await Promise.all([source.get(), source.get(), source.get()])
  await settle()
  expect(asked).toBe(1)
})
