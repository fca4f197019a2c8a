import { Code, ConnectError } from '@connectrpc/connect'
import { ErrorInfoSchema } from '@concord/proto'
import { ERROR_DOMAIN } from '@concord/protocol'
import { expect, test } from 'vitest'
import { errorOf } from './unary.ts'

test.each([Code.Canceled, Code.Unknown, Code.DeadlineExceeded, Code.Aborted, Code.Internal, Code.Unavailable])('code %i without a word of the server is a connection that broke', (code) => {
  expect(errorOf(new ConnectError('read ECONNRESET', code)).reason).toBe('UNREACHABLE')
})

test('the same code with the word of the server is what the server said', () => {
  const info = { desc: ErrorInfoSchema, value: { reason: 'OWNER_MOVED', domain: ERROR_DOMAIN } }
  expect(errorOf(new ConnectError('another node has it', Code.Aborted, undefined, [info])).reason).toBe('OWNER_MOVED')
})

test('a refusal from something in between keeps its code', () => {
  expect(errorOf(new ConnectError('no', Code.Unauthenticated)).reason).not.toBe('UNREACHABLE')
})
