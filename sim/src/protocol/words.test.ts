import type { Document } from '@concord/client'
import { connectWithRules, RULES as CLIENT_RULES } from '@concord/client/testing'
import { LOWEST_KEY, transformPosition, unstamp } from '@concord/ot'
import { RULES } from '@concord/server/core/rules'
import { expect, test } from 'vitest'
import { KeyedRandom } from '../kernel/keyed-random.ts'
import { VirtualTime } from '../kernel/virtual-time.ts'
import { DOCUMENT } from './author.ts'
import { FaultyLink, identityOf, PERFECT } from './faulty-link.ts'
import { DOCUMENT_KEY, SimServer } from './sim-server.ts'

const WORD = 20

/** Types one letter again and again where his caret stands; an edit of others exactly there leaves the caret before it. */
function writer(document: Document, letter: string): () => void {
  let caret = 0
  document.on('change', ({ operation, origin }) => {
    if (origin !== 'local') caret = transformPosition(caret, operation, 'left')
  })
  return () => document.text.insert(caret++, letter)
}

/** Everybody's text at the end; without keys, whatever was committed first stands first. */
async function wordsOf(seed: number, hasKeys = true): Promise<readonly string[]> {
  const world = new VirtualTime(seed)
  const random = new KeyedRandom(seed, 'words')
  const server = new SimServer(world, random, {}, hasKeys ? RULES : { ...RULES, stamped: unstamp }, 5)
  const rules = hasKeys ? CLIENT_RULES : { ...CLIENT_RULES, tieKey: () => LOWEST_KEY }
  server.start()
  const { documents } = server.stores!
  await documents.create(DOCUMENT_KEY, { title: 'Words', type: 'text', creator: 'root', at: 0 })
  const people = []
  for (const [user, letter] of [['ada', 'a'], ['bob', 'b'], ['bob', 'c']] as const) {
    await documents.setGrant(DOCUMENT_KEY, { userId: user, role: 'editor' })
    const name = `${user}/${letter}`
    const link = new FaultyLink(world, new KeyedRandom(seed, name), identityOf(user), () => server, { ...PERFECT, delayMs: 40 }, { submitted: () => undefined, streamEnded: () => undefined })
    const opening = connectWithRules({ url: 'sim:', token: async () => 'token', runtime: world.runtime(name), transport: () => link }, rules).open(DOCUMENT)
    let document: Document | undefined
    void opening.then((opened) => (document = opened))
    for (let wait = 0; document === undefined && wait < 100; wait += 1) await world.runUntil(world.now + 500)
    if (document === undefined) throw new Error(`seed ${seed}: ${name} could not open the document`)
    people.push({ link, document, type: writer(document, letter), left: WORD })
  }
  for (let waiting = people; waiting.length > 0; waiting = people.filter(({ left }) => left > 0)) {
    const person = random.pick(waiting)
    person.type()
    person.left -= 1
    if (random.chance(0.05)) person.link.cut(false)
    await world.runUntil(world.now + random.float() * 60)
  }
  await world.runUntil(world.now + 60_000)
  return people.map(({ document }) => document.text.toString())
}

const runsOf = (text = ''): string[] => [...text.matchAll(/(.)\1*/g)].map(([run]) => run).sort()

test('R13 ties: three people who type forward at one place, with cuts, keep their words whole', async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const [text, ...others] = await wordsOf(seed)
    expect(others, `seed ${seed}`).toEqual([text, text])
    expect(runsOf(text), `seed ${seed}`).toEqual(['a', 'b', 'c'].map((letter) => letter.repeat(WORD)))
  }
})

test('R13 ties: without a stable key the same people cut words in two', async () => {
  let cut = 0
  for (let seed = 1; seed <= 20; seed += 1) cut += runsOf((await wordsOf(seed, false))[0]).length > 3 ? 1 : 0
  expect(cut).toBeGreaterThan(0)
})
