import { expect, test } from 'vitest'
import { brief, delta, World } from './testing/world.ts'

test('two people edit one document, and it is there after a restart', async () => {
  const world = await World.start()
  const ada = await world.open('ada')
  const bob = await world.open('bob')
  expect(brief(ada.frames)).toEqual(['opened changes'])
  ada.send(1, 0, delta(0, { insert: 'hello' }))
  bob.send(1, 0, delta(0, { insert: 'world' }))
  expect(brief(await ada.read())).toEqual(['ack 1@1', 'change 2'])
  expect(brief(await bob.read())).toEqual(['change 1', 'ack 1@2'])
  expect(await world.text()).toBe('helloworld')
  const next = world.restart()
  const vic = await next.open('vic')
  expect(brief(vic.frames)).toEqual(['opened changes', 'change 1', 'change 2'])
  expect(await next.text()).toBe('helloworld')
})
