import { DocumentText, parse } from '@concord/ot'
import { describe, expect, test } from 'vitest'
import { atRest } from './at-rest.ts'
import type { Replica } from '../checker.ts'
import { replicas } from './replicas.ts'
import { change, Scene } from '../testing/scene.ts'

/** As much of a document as the checkers look at. */
function replica(text: string, { connection = 'online', pending = 0, version = 1, expected = true } = {}): Replica {
  const content = DocumentText.empty()
  content.apply(parse(0, `+${text}`))
  const document = { content, version, status: { connection, pending, error: undefined } } as unknown as Replica['document']
  return { actor: 'ada', user: 'ada', documentId: 'notes', document, expected }
}

describe('replicas equal', () => {
  const told = (one: Replica): string[] => new Scene(replicas).commit(change(1, 0, '+ab')).finish({ replicas: [one] }).violations

  test('what the log says is silent', () => {
    expect(told(replica('ab'))).toEqual([])
    expect(told(replica('ax', { expected: false }))).toEqual([])
  })

  test('anything else is told, with the place for people', () => {
    expect(told(replica('ax'))[0]).toMatch(/^a replica shows something else than the log\n {2}ada shows "ax", the log says "ab"$/)
  })
})

describe('online again', () => {
  const told = (one: Replica): string[] => new Scene(atRest).commit(change(1, 0, '+ab')).finish({ replicas: [one] }).violations.map((message) => message.split('\n', 1)[0]!)

  test('everybody in step is silent, and so is who may be away', () => {
    expect(told(replica('ab'))).toEqual([])
    expect(told(replica('ab', { connection: 'offline', expected: false }))).toEqual([])
  })

  test('whoever is not online, holds edits or lags is told', () => {
    expect(told(replica('ab', { connection: 'connecting' }))).toEqual(['somebody did not come to rest: the connection is connecting'])
    expect(told(replica('ab', { pending: 2 }))).toEqual(['somebody did not come to rest: edits are pending'])
    expect(told(replica('ab', { version: 0 }))).toEqual(['somebody did not come to rest: the version is not that of the log'])
    expect(told({ ...replica('ab'), document: undefined })).toEqual(['somebody did not come to rest: the document never opened'])
  })
})
