import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { ChangeSchema } from '@concord/proto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { concord, startTestServer, type TestServer } from './in-process.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
  const { exit } = await concord({ CONCORD_URL: server.url }, 'replay', 'small', '--limit', '1500', '--document', 'kept', '--clients', '3')
  expect(exit).toBe(0)
  expect(await concord({}, 'verify', 'kept', '--data', server.data)).toMatchObject({ exit: 4, errors: expect.stringContaining('a running server uses') })
  await server.stop()
})

afterAll(() => server.remove())

const verify = () => concord({}, 'verify', 'kept', '--data', server.data)

/** Runs `use` on the stopped store. */
function withStore<T>(use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(join(server.data, 'concord.db'))
  try {
    return use(database)
  } finally {
    database.close()
  }
}

/** Replaces one value of one row behind everybody's back, verifies, and puts it back. */
async function verifyWith<T extends Uint8Array | number | string>(table: string, column: string, version: number, change: (value: T) => T) {
  const where = `FROM ${table} WHERE doc_id = 'kept' AND version = ${version}`
  const before = withStore((database) => database.prepare(`SELECT ${column} AS value ${where}`).get()?.['value']) as T
  const write = (value: T) => withStore((database) => database.prepare(`UPDATE ${table} SET ${column} = ? WHERE doc_id = 'kept' AND version = ${version}`).run(value))
  expect(write(change(before)).changes).toBe(1)
  try {
    return await verify()
  } finally {
    write(before)
  }
}

const firstBad = (version: number) => ({ exit: 1, value: { ok: false }, text: expect.stringContaining(`NOT SOUND from version ${version} on`) })

test('P2 one history: the store of a stopped server is sound, with its snapshots', async () => {
  const { exit, value } = await verify()
  expect(exit).toBe(0)
  expect((value as { snapshots: number }).snapshots).toBeGreaterThan(0)
  expect((value as { versions: number }).versions).toBeGreaterThan(20)
})

/** Another letter in the place of the first one that a change inserts. */
function otherLetter(bytes: Uint8Array): Uint8Array {
  const change = fromBinary(ChangeSchema, bytes)
  const operation = change.operation ?? expect.fail('the row holds no operation')
  operation.text = `\u00a7${operation.text.slice(1)}`
  return toBinary(ChangeSchema, change)
}

test('P2 one history: another letter in the log is found at the next hash or snapshot', async () => {
  const { exit, value } = await verifyWith<Uint8Array>('op_log', 'bytes', 10, otherLetter)
  expect(exit).toBe(1)
  const [{ version }] = (value as { problems: [{ version: number }] }).problems
  expect(version).toBeGreaterThanOrEqual(10)
})

test('P2 one history: bytes that are no change are found at their version', async () => {
  expect(await verifyWith<Uint8Array>('op_log', 'bytes', 10, (bytes) => bytes.slice(0, -3))).toMatchObject(firstBad(10))
})

test('P2 one history: a sequence number that is there twice is found at the second', async () => {
  expect(await verifyWith<number>('op_log', 'client_seq', 10, () => 0)).toMatchObject({ exit: 1 })
})

test('P2 one history: a snapshot with damaged bytes is found', async () => {
  const version = withStore((database) => database.prepare("SELECT max(version) AS version FROM snapshot WHERE doc_id = 'kept'").get())?.['version'] as number
  expect(await verifyWith<Uint8Array>('snapshot', 'state', version, (bytes) => bytes.map((byte) => byte ^ 1))).toMatchObject({ exit: 1, text: expect.stringContaining('fails its checksum') })
  expect(await verifyWith<string>('snapshot', 'hash', version, () => '00000001deadbeef')).toMatchObject({ exit: 1, text: expect.stringContaining('claims the content hash 00000001deadbeef') })
})

test('an unknown document and a folder without a store cannot be told', async () => {
  expect((await concord({}, 'verify', 'nothing', '--data', server.data)).exit).toBe(4)
  expect((await concord({}, 'verify', 'kept', '--data', join(server.data, 'nowhere'))).exit).toBe(4)
})
