import { test } from 'vitest'
import { editsLaw, failureLaw, hashLaw, invertLaw, runLaw, snapshotLaw } from '../../testing/text-laws.ts'

const CASES = 200_000
const TIMEOUT = 30 * 60_000

test('law: the document is what the naive model is', { timeout: TIMEOUT }, () => runLaw(editsLaw, CASES))
test('law: snapshots and their sources go their own ways', { timeout: TIMEOUT }, () => runLaw(snapshotLaw, CASES))
test('law: an operation and then its inverse restore content and hash', { timeout: TIMEOUT }, () => runLaw(invertLaw, CASES))
test('R16 lengths: what does not fit fails and changes nothing', { timeout: TIMEOUT }, () => runLaw(failureLaw, CASES))
test('P3 content hash: equal for equal contents, however they are cut, and another for others', { timeout: TIMEOUT }, () => runLaw(hashLaw, CASES))
