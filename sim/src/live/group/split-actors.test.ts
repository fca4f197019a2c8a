import { expect, test } from 'vitest'
import { splitActors } from './split-actors.ts'
import { planWith } from '../testing/plan-with.ts'

function planOf(documents: readonly string[]) {
  const plan = planWith({ events: [], endMs: 1, editors: documents.length })
  return { ...plan, world: { ...plan.world, actors: plan.world.actors.map((actor, index) => ({ ...actor, document: documents[index]! })) } }
}

test('people of a document stay together, everybody is somewhere once, and shares are about equal', () => {
  const plan = planOf(['a', 'b', 'a', 'c', 'b', 'd'])
  const split = splitActors(plan, 2)
  expect(split.flat().toSorted()).toEqual(plan.world.actors.map(({ name }) => name))
  expect(split.map((names) => names.length)).toEqual([3, 3])
  const placesOf = (document: string) => split.filter((names) => plan.world.actors.some(({ name, document: own }) => own === document && names.includes(name))).length
  expect(['a', 'b'].map(placesOf)).toEqual([1, 1])
})

test('a document with more people than a share is carried by several', () => {
  expect(splitActors(planOf(Array.from({ length: 10 }, () => 'hot')), 3).map((names) => names.length)).toEqual([4, 4, 2])
})

test('no share is empty', () => {
  expect(splitActors(planOf(['a']), 3)).toEqual([['editors/1']])
})
