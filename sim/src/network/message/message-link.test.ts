import { expect, test } from 'vitest'
import { Scene } from '../testing/scene.ts'
import { messageLink } from './message-link.ts'

test('people who type at once see the same in the end', async () => {
  const scene = new Scene({ make: messageLink, model: { delayMs: 40, delayP99Ms: 200 } })
  const [ada, bob] = await scene.open('ada', 'bob')
  ada!.document!.text.insert(0, 'hello ')
  bob!.document!.text.insert(0, 'world')
  await scene.run(3_000)
  expect(scene.texts()).toHaveLength(1)
  expect(scene.texts()[0]).toHaveLength(11)
  expect(scene.node.head).toBe(2)
})
